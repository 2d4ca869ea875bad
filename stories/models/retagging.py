"""Other tags, or another region, for many stories at once, and taking that back. What is remembered of it is in tag_change.py."""

from collections import defaultdict
from itertools import chain

from django.db.models import F
from django.utils import timezone

from .cannot_undo import CannotUndo
from .revision import Revision
from .story_tag import StoryTag
from .tag import Region, Tag

# Stories at a time, with all they say: some megabytes.
BATCH = 500


def retag(pks: list[int], *, add=(), remove=(), region: Region | None = None, by, said: str) -> dict:
    """Put tags on these stories, take others off, move them to the region. Each gets a version, with `said` as comment.

    Gives back {"stories": [pk], "gained": {tag pk: [pk]}, "lost": {tag pk: [pk]}, "regions": {former region pk: [pk]},
    "region": pk or None}: the stories that changed, and how. Twelve queries for 500 stories. Call it in a transaction,
    under the lock.
    """
    done = {"gained": defaultdict(list), "lost": defaultdict(list), "regions": defaultdict(list)}
    for some in _batches(pks):
        has = _tags_of(some, [*add, *remove])
        gained = [(pk, tag.pk) for tag in add for pk in some if (pk, tag.pk) not in has]
        lost = [(pk, tag.pk) for tag in remove for pk in some if (pk, tag.pk) in has]
        moves = _to_move(some, region)
        with Revision.objects.recorded(_changed(gained, lost, moves), by=by, move="retag", comment=said):
            _write(gained, lost, moves, region)
        for pk, tag in gained:
            done["gained"][tag].append(pk)
        for pk, tag in lost:
            done["lost"][tag].append(pk)
        for pk, former in moves:
            done["regions"][former].append(pk)
    changed = set(chain.from_iterable(chain(*(kind.values() for kind in done.values()))))
    return done | {"stories": sorted(changed), "region": region.pk if region else None}


def undo_retag(change) -> None:
    """Each story as it was, where nobody has changed just that since. Raises CannotUndo.

    A story gets back what was taken off it if it still has all that was put on it: otherwise somebody has thought
    about its tags again.
    """
    before = change.before
    gained, lost, regions = (
        {int(key): set(pks) for key, pks in before[name].items()} for name in ("gained", "lost", "regions")
    )
    tags = Tag.objects.in_bulk([*gained, *lost])
    if gone := [before["names"][str(pk)] for pk in (*gained, *lost) if pk not in tags]:
        raise CannotUndo(f"“{gone[0]}” has been merged or deleted since: undo that first.")
    if Region.objects.filter(pk__in=regions).count() < len(regions):
        raise CannotUndo("A region that stories were in is no longer there.")
    for some in _batches(before["stories"]):
        has = _tags_of(some, tags.values())
        whole = {pk for pk in some if all((pk, tag) in has for tag, pks in gained.items() if pk in pks)}
        off = [(pk, tag) for tag, pks in gained.items() for pk in some if pk in pks and (pk, tag) in has]
        on = [(pk, tag) for tag, pks in lost.items() for pk in some if pk in pks & whole and (pk, tag) not in has]
        moves = dict(_to_move(some, None, now_in=before["region"]))
        said = f"Undone: {change.details}"
        with Revision.objects.recorded(
            _changed(off, on, moves.items()), by=change.undone_by, move="retag", comment=said
        ):
            _write(on, off, (), None)
            for former, pks in regions.items():
                back = [pk for pk in some if pk in pks and pk in moves]
                _write((), (), [(pk, former) for pk in back], Region(pk=former))


def _batches(pks):
    from .story import Story

    for start in range(0, len(pks), BATCH):
        yield list(Story.objects.filter(pk__in=pks[start : start + BATCH]).values_list("pk", flat=True))


def _tags_of(pks, tags) -> set:
    """{(story pk, tag pk)} of these stories and these tags. One query."""
    rows = StoryTag.objects.filter(content_object__in=pks, tag__in=[tag.pk for tag in tags]).order_by()
    return set(rows.values_list("content_object", "tag"))


def _to_move(pks, region, now_in=None):
    """[(story pk, region pk)] of those that are not in this region yet, or are in that one now. One query at most."""
    from .story import Story

    stories = Story.objects.filter(pk__in=pks).values_list("pk", "region")
    if now_in:
        return list(stories.filter(region=now_in))
    return list(stories.exclude(region=region)) if region else []


def _changed(*kinds):
    return sorted({pk for kind in kinds for pk, _key in kind})


def _write(on, off, moves, region):
    from .story import Story

    StoryTag.objects.bulk_create(StoryTag(content_object_id=pk, tag_id=tag) for pk, tag in on)
    for tag in {tag for _pk, tag in off}:
        StoryTag.objects.filter(tag=tag, content_object__in=[pk for pk, other in off if other == tag]).delete()
    stories = Story.objects.filter(pk__in=_changed(on, off, moves))
    stories.update(version=F("version") + 1, updated_at=timezone.now())
    if moves:
        Story.objects.filter(pk__in=[pk for pk, _former in moves]).update(region=region)
