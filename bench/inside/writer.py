"""One of several concurrent writers, each making random edits of random stories."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, IntegrityError, transaction

from stories.models import MoveNotAllowed, Region, Status, Story, Tag

from .newsroom import TAGS

# Errors that a writer may get when another one was faster. They are no failure.
OVERTAKEN = (ObjectDoesNotExist, MoveNotAllowed, IntegrityError, ValueError)


class RolledBack(Exception):
    pass


def figures(seed: int, edits: int) -> dict:
    """Return the numbers of edits {"made", "rolled_back" on purpose, "overtaken" by another writer, "failed"}."""
    chance, counts = Random(seed), Counter(made=0, rolled_back=0, overtaken=0, failed=0)
    editor, _ = User.objects.get_or_create(username=f"editor {seed}", is_superuser=True)
    for _ in range(edits):
        counts[_edit(chance, editor)] += 1
    return counts


def _edit(chance: Random, editor: User) -> str:
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


def _moment(chance: Random) -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randrange(20_000))


def _write(chance: Random, story: Story | None, editor: User) -> Story:
    story = Story.objects.create(
        headline="Written", body="<p>It is so.</p>", region=_region(chance),
        status=chance.choice([Status.DRAFT, Status.PUBLISHED]), published_at=_moment(chance),
    )  # fmt: skip
    story.tags.set(chance.sample(TAGS, 3))
    return story


def _move(chance: Random, story: Story, editor: User) -> None:
    story.region = _region(chance)
    story.save()


def _date(chance: Random, story: Story, editor: User) -> None:
    story.published_at = _moment(chance)
    story.save()


def _retag(chance: Random, story: Story, editor: User) -> None:
    story.tags.set(chance.sample(TAGS, 2))


def _publish(chance: Random, story: Story, editor: User) -> None:
    story.publish(by=editor)


def _withdraw(chance: Random, story: Story, editor: User) -> None:
    story.withdraw(by=editor, comment="It was wrong.")


def _merge(chance: Random, story: Story, editor: User) -> None:
    one, other = Tag.objects.order_by("?")[:2]
    one.merge_into(other)


def _delete(chance: Random, story: Story, editor: User) -> None:
    story.delete()


def _shift_many(chance: Random, story: Story, editor: User) -> None:
    Story.objects.filter(region=story.region, pk__lt=story.pk).update(published_at=_moment(chance))


def _region(chance: Random) -> Region:
    return chance.choice(list(Region.objects.all()))
