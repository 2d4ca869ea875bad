"""Cost of a search in the largest archive, for common and rare words."""

from .databases import VENDORS, archive
from .measures import Figure, Measured

MAX_CPU_MS = 50


def search(vendor: str, sizes: list[int]) -> Measured:
    database = archive(vendor, max(sizes))
    database.manage("collectstatic", "--noinput")
    found = database.run_inside("searching")
    detail = f"{VENDORS[vendor]}: " + ", ".join(f"{kind} {cost:.0f}" for kind, cost in found.items()) + " ms"
    return Measured([
        Figure(f"search of {max(sizes):,} stories, {kind} word, ms of CPU", found[kind], f"<= {MAX_CPU_MS}", detail)
        for kind in ("common", "rare")
    ])  # fmt: skip
