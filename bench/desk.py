"""What the editor's screens cost in a large archive, beside one of a thousand stories; both have all the tags."""

from .databases import VENDORS, archive
from .measures import Figure, Measured

SMALL = 1_000
ROUNDS = 5
MOST_CPU = 50  # milliseconds, of the tag box


def desk(vendor: str, sizes: list[int]) -> Measured:
    """Queries and CPU time of the story list, the story form, its saving and the tag box."""
    rounds = {size: [] for size in (SMALL, max(sizes))}
    for _ in range(ROUNDS):
        for size, found in rounds.items():
            found.append(archive(vendor, size).inside("desk"))
    small, large = map(least, rounds.values())
    return Measured([row for screen in large for row in rows(screen, small[screen], large[screen], vendor, max(sizes))])


def least(found: list[dict]) -> dict:
    """{screen: its cost in the round where it took least}."""
    return {screen: min((costs[screen] for costs in found), key=lambda cost: cost["cpu"]) for screen in found[0]}


def rows(screen, small, large, vendor, size) -> list[Figure]:
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
        figures.append(Figure(f"{screen}, ms of CPU", large["cpu"], f"<= {MOST_CPU}", VENDORS[vendor]))
    return figures
