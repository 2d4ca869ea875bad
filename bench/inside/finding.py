"""How long the count and the first page of a tag take to find, by the plain query and by ours."""

from statistics import median
from time import perf_counter

from django.utils import timezone

from stories.listings.listing import Listing
from stories.models import Status, Story, Tag

ROUNDS = 7


def figures(tag: str) -> dict:
    """Milliseconds, medians: {"naive", "ours"}."""
    tag = Tag.objects.get(slug=tag)
    ways = {"naive": lambda: naive(tag), "ours": lambda: ours(tag)}
    if ways["naive"]() != ways["ours"]():
        raise RuntimeError("the two ways find different pages")
    took = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            started = perf_counter()
            way()
            took[name].append(1000 * (perf_counter() - started))
    return {name: median(times) for name, times in took.items()}


def naive(tag):
    stories = Story.objects.filter(tags=tag, status=Status.PUBLISHED, published_at__lte=timezone.now())
    return stories.count(), [story.pk for story in stories.with_related().order_by("-published_at", "-pk")[:10]]


def ours(tag):
    listing = Listing(tag=tag)
    return listing.total, [story.pk for story in listing.page("1").stories]
