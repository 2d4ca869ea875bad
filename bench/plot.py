"""Draw page-cost.svg: CPU time of a page by size of the archive, and by page number."""

import math
from html import escape
from pathlib import Path

from .measures import Measured

PATH = Path(__file__).parent / "page-cost.svg"
WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 180, 56, 40, 70
COLOURS = {"SQLite": "sqlite", "PostgreSQL": "postgresql"}
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="12">
<title>CPU time of an uncached tag page</title>
<style>
svg {{ background: #fff; fill: #333; }} .axis {{ stroke: #999; }} .line {{ fill: none; stroke-width: 2; }}
.sqlite {{ stroke: #0b6; fill: #0b6; }} .postgresql {{ stroke: #36c; fill: #36c; }} text {{ stroke: none; }}
@media (prefers-color-scheme: dark) {{ svg {{ background: #17181a; fill: #ddd; }} .postgresql {{ stroke: #7af; fill: #7af; }} }}
</style>
"""


def write(results: list[Measured]) -> None:
    curves = {name: points for measured in results for name, points in measured.curves.items()}
    if not curves:
        return
    top = 1.25 * max(y for points in curves.values() for _, y in points)
    panels = [("size", "stories in the archive"), ("page", "page number, in the largest archive")]
    parts = [HEAD.format(width=LEFT + 2 * WIDTH + GAP + 20, height=TOP + HEIGHT + 60)]
    for place, (kind, label) in enumerate(panels):
        shown = {name.split(", ")[1]: points for name, points in curves.items() if name.startswith(kind)}
        parts.append(panel(shown, label, LEFT + place * (WIDTH + GAP), top))
    PATH.write_text("".join([*parts, "</svg>\n"]))


def panel(curves: dict[str, list], label: str, left: float, top: float) -> str:
    xs = [x for points in curves.values() for x, _ in points]
    low, high = math.log10(min(xs)), math.log10(max(xs))

    def across(x: float) -> float:
        return left + WIDTH * ((math.log10(x) - low) / (high - low) if high > low else 0.5)

    def down(y: float) -> float:
        return TOP + HEIGHT * (1 - y / top)

    bottom = TOP + HEIGHT
    parts = [f'<path class="axis" fill="none" d="M{left} {TOP}V{bottom}H{left + WIDTH}"/>']
    parts += [text(left - 6, down(y) + 4, f"{y:.0f} ms", "end") for y in steps(top)]
    powers = range(math.ceil(low), math.floor(high) + 1)
    parts += [text(across(10**power), bottom + 18, f"{10**power:,}", "middle") for power in powers]
    parts.append(text(left + WIDTH / 2, bottom + 40, label, "middle"))
    for number, (name, points) in enumerate(curves.items()):
        places = [(round(across(x), 1), round(down(y), 1)) for x, y in points]
        line = " ".join(f"{x},{y}" for x, y in places)
        parts.append(f'<g class="{COLOURS[name]}"><polyline class="line" points="{line}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in places]
        parts.append(text(left + 10 + 90 * number, TOP - 14, name, "start") + "</g>")
    return "\n".join(parts) + "\n"


def steps(top: float) -> list[float]:
    step = 10 ** math.floor(math.log10(top))
    step = step if top / step > 2 else step / 5
    return [step * number for number in range(int(top / step) + 1)]


def text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
