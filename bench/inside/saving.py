"""Cost of the triggers when a story is saved: the same saves with and without them."""

from datetime import timedelta
from random import Random
from statistics import median
from time import perf_counter

from django.db import connection, transaction
from django.utils import timezone

from stories import triggers
from stories.models import Story, Tag

SAVES = 40
ROUNDS = 5


def figures() -> dict:
    """Return milliseconds of a save with four new tags, medians of the rounds, {"with_triggers", "without"}."""
    chance = Random(1)
    tags = list(Tag.objects.all()[:500])
    stories = list(Story.objects.published().newest_first()[:500])
    took: dict[str, list[float]] = {"with_triggers": [], "without": []}
    for _ in range(ROUNDS):
        took["with_triggers"].append(_time_saves(chance, stories, tags))
        triggers.drop_triggers()
        took["without"].append(_time_saves(chance, stories, tags))
        triggers.install_triggers()
    connection.close()
    return {name: median(times) for name, times in took.items()}


def _time_saves(chance: Random, stories: list[Story], tags: list[Tag]) -> float:
    times = []
    for _ in range(SAVES):
        story = chance.choice(stories)
        story.published_at = (story.published_at or timezone.now()) - timedelta(minutes=1)
        started = perf_counter()
        with transaction.atomic():
            story.save()
            story.tags.set(chance.sample(tags, 4))
        times.append(1000 * (perf_counter() - started))
    return median(times)
