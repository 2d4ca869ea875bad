"""How long it takes to check what listings are read from, and to make it anew."""

from time import perf_counter

from stories.listings.integrity import differences, repair


def figures(*, repaired: bool = False) -> dict:
    """{"wrong": lines, "check": seconds} and, if it was to be repaired, {"repair": seconds}."""
    started = perf_counter()
    found = {"wrong": len(differences()), "check": perf_counter() - started}
    if repaired:
        started = perf_counter()
        repair()
        found["repair"] = perf_counter() - started
    return found
