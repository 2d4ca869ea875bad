"""Bulk changes of tags and region, and their undo. tag_change.py stores the state that undo needs.

A pair is (story's key, tag's key). Stories are processed in batches, because each is read with its whole snapshot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from .errors import CannotUndo
from .region import Region
from .revision import Revision
from .story_tag import StoryTag
from .tag import Tag

if TYPE_CHECKING:
    from .tag_change import TagChange

BATCH_SIZE = 500  # stories; some megabytes
Pair = tuple[int, int]


@dataclass
class Batch:
    """The changes of one batch: pairs to add and remove, and {story's key: new region's key}.

    `former_regions` are (story's key, region's key) before the move.
    """

    add: list[Pair] = field(default_factory=list)
    remove: list[Pair] = field(default_factory=list)
    move: dict[int, int] = field(default_factory=dict)
    former_regions: list[Pair] = field(default_factory=list)

    def stories(self) -> list[int]:
        return sorted({pk for pk, _tag in (*self.add, *self.remove)} | self.move.keys())

    def apply(self, *, by: User | None, comment: str) -> None:
        """Write the changes, and a revision of each story with this comment."""
        with Revision.objects.recorded(self.stories(), by=by, move="retag", comment=comment):
            self._write()

    def _write(self) -> None:
        StoryTag.objects.bulk_create(StoryTag(content_object_id=pk, tag_id=tag) for pk, tag in self.add)
        for tag, pks in group_pairs(self.remove).items():
            StoryTag.objects.filter(tag=tag, content_object__in=pks).delete()
        for region in set(self.move.values()):
            moved = [pk for pk, target in self.move.items() if target == region]
            _stories(moved).update(region=region)
        _stories(self.stories()).update(version=F("version") + 1, updated_at=timezone.now())


def retag(
    pks: Sequence[int],
    *,
    add: Sequence[Tag] = (),
    remove: Sequence[Tag] = (),
    region: Region | None = None,
    by: User | None,
    comment: str,
) -> dict[str, Any]:
    """Add tags to these stories, remove others, and move the stories to a region. Twelve queries for 500 stories.

    Returns the change for the undo: {"stories": [pk], "gained": {tag pk: [pk]}, "lost": {tag pk: [pk]}, "regions":
    {former region pk: [pk]}, "region": pk or None}. Call it in a transaction, under the lock.
    """
    batches = []
    for some in _existing_batches(pks):
        batch = _plan(some, add, remove, region)
        batch.apply(by=by, comment=comment)
        batches.append(batch)
    return {
        "stories": sorted(chain.from_iterable(batch.stories() for batch in batches)),
        "gained": group_pairs(chain.from_iterable(batch.add for batch in batches)),
        "lost": group_pairs(chain.from_iterable(batch.remove for batch in batches)),
        "regions": group_pairs(chain.from_iterable(batch.former_regions for batch in batches)),
        "region": region.pk if region else None,
    }


def _plan(pks: list[int], add: Sequence[Tag], remove: Sequence[Tag], region: Region | None) -> Batch:
    """Return the changes that these stories need. Two queries at most."""
    has = _pairs(pks, [*add, *remove])
    batch = Batch(
        add=[(pk, tag.pk) for tag in add for pk in pks if (pk, tag.pk) not in has],
        remove=[(pk, tag.pk) for tag in remove for pk in pks if (pk, tag.pk) in has],
    )
    if region:
        batch.former_regions = list(_stories(pks).exclude(region=region).values_list("pk", "region"))
        batch.move = {pk: region.pk for pk, _former in batch.former_regions}
    return batch


def undo_retag(change: TagChange) -> None:
    """Undo: restore each story's tags and region unless edited since. Raises CannotUndo.

    A story gets its lost tags back only if it still has all the tags it gained: otherwise somebody has thought about
    its tags again. It moves back only if it is still in the region that it was moved to.
    """
    before = change.before
    gained, lost, regions = (_with_int_keys(before[name]) for name in ("gained", "lost", "regions"))
    tags = _existing_tags([*gained, *lost], before["names"])
    if Region.objects.filter(pk__in=regions).count() < len(regions):
        raise CannotUndo("A former region of these stories no longer exists.")
    for some in _existing_batches(before["stories"]):
        has = _pairs(some, tags)
        still_gained = {pk for pk in some if all((pk, tag) in has for tag, pks in gained.items() if pk in pks)}
        batch = Batch(
            add=[(pk, tag) for tag, pks in lost.items() for pk in pks & still_gained if (pk, tag) not in has],
            remove=[(pk, tag) for tag, pks in gained.items() for pk in pks.intersection(some) if (pk, tag) in has],
        )
        if before["region"]:
            unmoved = set(_stories(some).filter(region=before["region"]).values_list("pk", flat=True))
            batch.move = {pk: former for former, pks in regions.items() for pk in pks & unmoved}
        batch.apply(by=change.undone_by, comment=f"Undone: {change.details}")


def _with_int_keys(keys_by_pk: dict[str, list[int]]) -> dict[int, set[int]]:
    """Restore what JSON made of {pk: keys}."""
    return {int(pk): set(keys) for pk, keys in keys_by_pk.items()}


def _existing_tags(pks: Sequence[int], names: dict[str, str]) -> list[Tag]:
    tags = Tag.objects.in_bulk(pks)
    if gone := [names[str(pk)] for pk in pks if pk not in tags]:
        raise CannotUndo(f"“{gone[0]}” was merged or deleted later. Undo that first.")
    return list(tags.values())


def _existing_batches(pks: Sequence[int]) -> Iterator[list[int]]:
    """Yield batches of these keys, without deleted stories."""
    for start in range(0, len(pks), BATCH_SIZE):
        yield list(_stories(pks[start : start + BATCH_SIZE]).values_list("pk", flat=True))


def _stories(pks: Sequence[int]) -> Any:
    # Story's module imports that of tag changes.
    from .story import Story

    return Story.objects.filter(pk__in=pks)


def _pairs(pks: Sequence[int], tags: Iterable[Tag]) -> set[Pair]:
    """Return the pairs of these stories and these tags. One query."""
    rows = StoryTag.objects.filter(content_object__in=pks, tag__in=[tag.pk for tag in tags]).order_by()
    return set(rows.values_list("content_object", "tag"))


def group_pairs(pairs: Iterable[Pair]) -> dict[int, list[int]]:
    """Return {tag's or region's key: keys of its stories}."""
    grouped: dict[int, list[int]] = defaultdict(list)
    for pk, key in pairs:
        grouped[key].append(pk)
    return grouped
