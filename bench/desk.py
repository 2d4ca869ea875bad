"""Cost of the editors' screens in a large archive and in one of a thousand stories; both have all the tags."""

from .databases import VENDORS, archive
from .measures import Figure, Measured

SMALL = 1_000
ROUNDS = 5
MAX_CPU_MS = 50  # of the tag box


def desk(vendor: str, sizes: list[int]) -> Measured:
    """Measure queries and CPU time of the dashboard, the story list, the story form, a save and the tag box."""
    rounds: dict[int, list[dict]] = {size: [] for size in (SMALL, max(sizes))}
    for _ in range(ROUNDS):
        for size, found in rounds.items():
            found.append(archive(vendor, size).run_inside("desk"))
    small, large = map(cheapest, rounds.values())
    return Measured([row for screen in large for row in rows(screen, small[screen], large[screen], vendor, max(sizes))])


def cheapest(found: list[dict]) -> dict:
    """Return {screen: its cost in the round with the least CPU time}."""
    return {screen: min((costs[screen] for costs in found), key=lambda cost: cost["cpu"]) for screen in found[0]}


def rows(screen: str, small: dict, large: dict, vendor: str, size: int) -> list[Figure]:
    detail = (
        f"{VENDORS[vendor]}: CPU {large['cpu']:.1f} and {small['cpu']:.1f} ms a request; "
        f"{large['queries']} and {small['queries']} queries"
    )
    measure = f"{screen} at {size:,} ÷ at {SMALL:,} stories"
    figures = [
        Figure(f"{measure}, CPU", large["cpu"] / small["cpu"], "<= 1.5", detail),
        Figure(f"{measure}, queries", large["queries"] / small["queries"], "<= 1", detail),
    ]
    if screen.startswith("tag box"):
        figures.append(Figure(f"{screen}, ms of CPU", large["cpu"], f"<= {MAX_CPU_MS}", VENDORS[vendor]))
    return figures
