"""Time to find the count and the first page of a tag: by the plain query, and by Listing."""

from statistics import median
from time import perf_counter

from django.utils import timezone

from stories.listings.listing import Listing
from stories.models import Status, Story, Tag

ROUNDS = 7


def figures(tag: str) -> dict:
    """Return median milliseconds: {"naive", "ours"}."""
    found = Tag.objects.get(slug=tag)
    ways = {"naive": lambda: naive(found), "ours": lambda: ours(found)}
    if ways["naive"]() != ways["ours"]():
        raise RuntimeError("the two ways find different pages")
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            started = perf_counter()
            way()
            took[name].append(1000 * (perf_counter() - started))
    return {name: median(times) for name, times in took.items()}


def naive(tag: Tag) -> tuple[int, list[int]]:
    stories = Story.objects.filter(tags=tag, status=Status.PUBLISHED, published_at__lte=timezone.now())
    return stories.count(), [story.pk for story in stories.with_related().order_by("-published_at", "-pk")[:10]]


def ours(tag: Tag) -> tuple[int, list[int]]:
    listing = Listing(tag=tag)
    return listing.total, [story.pk for story in listing.page("1").stories]
