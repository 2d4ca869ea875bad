"""Time to check the trigger-maintained counts against the stories, and to repair them."""

from time import perf_counter

from stories.listings.integrity import find_differences, repair


def figures(*, with_repair: bool = False) -> dict:
    """Return {"wrong": number of differences, "check": seconds} and, on demand, {"repair": seconds}."""
    started = perf_counter()
    found = {"wrong": len(find_differences()), "check": perf_counter() - started}
    if with_repair:
        started = perf_counter()
        repair()
        found["repair"] = perf_counter() - started
    return found
