"""What a search costs at the largest size, however common its words are."""

from .databases import VENDORS, archive
from .measures import Figure, Measured

MOST_CPU = 50  # ms


def search(vendor: str, sizes: list[int]) -> Measured:
    database = archive(vendor, max(sizes))
    database.manage("collectstatic", "--noinput")
    found = database.inside("searching")
    detail = f"{VENDORS[vendor]}: " + ", ".join(f"{kind} {cost:.0f}" for kind, cost in found.items()) + " ms"
    return Measured([
        Figure(f"search of {max(sizes):,} stories, {kind} word, ms of CPU", found[kind], f"<= {MOST_CPU}", detail)
        for kind in ("common", "rare")
    ])  # fmt: skip
