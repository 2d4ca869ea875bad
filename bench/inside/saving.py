"""What the triggers add to the save of a story: the same saves with them and without."""

from datetime import timedelta
from random import Random
from statistics import median
from time import perf_counter

from django.db import connection, transaction

from stories.listings import triggers
from stories.models import Story, Tag

SAVES = 40
ROUNDS = 5
PLAN = ["nothing, but that they are taken off"]


def figures() -> dict:
    """Milliseconds of a save with four new tags, medians of the rounds: {"kept": with the triggers, "naive"}."""
    chance = Random(1)
    tags = list(Tag.objects.all()[:500])
    stories = list(Story.objects.published().newest_first()[:500])
    took = {"kept": [], "naive": []}
    for _ in range(ROUNDS):
        took["kept"].append(_saves(chance, stories, tags))
        triggers.drop_triggers(sender=None, using="default", plan=PLAN)
        took["naive"].append(_saves(chance, stories, tags))
        triggers.install_triggers(sender=None, using="default", plan=PLAN)
    connection.close()
    return {name: median(times) for name, times in took.items()}


def _saves(chance, stories, tags):
    times = []
    for _ in range(SAVES):
        story = chance.choice(stories)
        story.published_at -= timedelta(minutes=1)
        started = perf_counter()
        with transaction.atomic():
            story.save()
            story.tags.set(chance.sample(tags, 4))
        times.append(1000 * (perf_counter() - started))
    return median(times)
