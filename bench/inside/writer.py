"""One of several writers at once, each doing to some story what chance has it do."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, transaction

from stories.models import MoveNotAllowed, Region, Status, Story, Tag

from .newsroom import TAGS

# What a writer meets when another was faster; nothing is wrong then.
OVERTAKEN = (ObjectDoesNotExist, MoveNotAllowed, IntegrityError, ValueError)


class RolledBack(Exception):
    pass


def figures(seed: int, edits: int) -> dict:
    """How many edits were made, rolled_back on purpose, overtaken by another writer, and failed."""
    chance, counts = Random(seed), Counter(made=0, rolled_back=0, overtaken=0, failed=0)
    editor, _ = User.objects.get_or_create(username=f"editor {seed}", is_superuser=True)
    for _ in range(edits):
        counts[_edit(chance, editor)] += 1
    return counts


def _edit(chance, editor):
    story = Story.objects.order_by("?").first()
    action = chance.choice([_write, _write, _move, _date, _retag, _publish, _withdraw, _merge, _delete, _shift_many])
    try:
        with transaction.atomic():
            action(chance, story or _write(chance, None, editor), editor)
            if chance.random() < 0.1:
                raise RolledBack
    except RolledBack:
        return "rolled_back"
    except OVERTAKEN:
        return "overtaken"
    except DatabaseError:
        return "failed"
    return "made"


def _moment(chance):
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(20_000))


def _write(chance, story, editor):
    story = Story.objects.create(
        headline="Written", body="<p>It is so.</p>", region=_region(chance),
        status=chance.choice([Status.DRAFT, Status.PUBLISHED]), published_at=_moment(chance),
    )  # fmt: skip
    story.tags.set(chance.sample(TAGS, 3))
    return story


def _move(chance, story, editor):
    story.region = _region(chance)
    story.save()


def _date(chance, story, editor):
    story.published_at = _moment(chance)
    story.save()


def _retag(chance, story, editor):
    story.tags.set(chance.sample(TAGS, 2))


def _publish(chance, story, editor):
    story.publish(by=editor)


def _withdraw(chance, story, editor):
    story.withdraw(by=editor, comment="It was wrong.")


def _merge(chance, story, editor):
    one, other = Tag.objects.order_by("?")[:2]
    one.merge_into(other)


def _delete(chance, story, editor):
    story.delete()


def _shift_many(chance, story, editor):
    Story.objects.filter(region=story.region, pk__lt=story.pk).update(published_at=_moment(chance))


def _region(chance):
    return chance.choice(list(Region.objects.all()))
