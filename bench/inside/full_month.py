"""Time to find the first, middle and last page of a listing whose stories are all in one month."""

from statistics import median
from time import perf_counter

from stories.listings.listing import Listing
from stories.models import Tag


def figures(tag: str) -> dict:
    """Return median milliseconds: {"first", "middle", "last"}."""
    listing = Listing(tag=Tag.objects.get(slug=tag))
    numbers = {"first": 1, "middle": listing.pages // 2, "last": listing.pages}
    took: dict[str, list[float]] = {name: [] for name in numbers}
    for _ in range(9):
        for name, number in numbers.items():
            started = perf_counter()
            listing.page(str(number))
            took[name].append(1000 * (perf_counter() - started))
    return {name: median(times) for name, times in took.items()}
