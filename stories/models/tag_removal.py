"""Removal of tags by merge or deletion, and its undo. tag_change.py stores the state that undo needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from .errors import CannotUndo
from .story_tag import StoryTag
from .tag import Tag, TagAlias

if TYPE_CHECKING:
    from .tag_change import TagChange

# Stories a query: well below the limits of both databases.
BATCH_SIZE = 5_000


def removal_state(tag: Tag, kept: Tag | None) -> dict[str, Any]:
    """Return a tag's names, slugs and stories, and the keys of the stories that also have `kept`. Four queries."""
    tag = Tag.objects.get(pk=tag.pk)  # the caller's instance may be older than a rename
    stories = list(tag.story_tags.values_list("content_object", flat=True))
    both = (
        kept.story_tags.filter(content_object__in=tag.story_tags.values("content_object"))
        if kept
        else StoryTag.objects.none()
    )
    return {
        "pk": tag.pk,
        "name": tag.name,
        "normal": tag.normal,
        "slug": tag.slug,
        "description": tag.description,
        "aliases": list(tag.aliases.values("name", "normal", "slug")),
        "stories": stories,
        "both": list(both.values_list("content_object", flat=True)),
    }


def undo_removal(change: TagChange) -> Tag:
    """Recreate the tag with its names, slugs and stories. Raises CannotUndo.

    A story gets the tag back if it still exists and still has the tag that was kept: editors' later changes stay.
    """
    before, kept = change.before, change.kept
    _check(change, before)
    tag = Tag(pk=before["pk"], **{name: before[name] for name in ("name", "normal", "slug", "description")})
    Tag.objects.bulk_create([tag])
    TagAlias.objects.filter(_has_name_or_slug(before)).delete()
    TagAlias.objects.bulk_create(TagAlias(tag=tag, **alias) for alias in before["aliases"])
    both = set(before["both"])
    for pks in _batches([pk for pk in before["stories"] if pk not in both]):
        if kept:
            StoryTag.objects.filter(tag=kept, content_object__in=pks).update(tag=tag)
        else:
            _add_tag(tag, pks, kept)
    for pks in _batches(sorted(both)):
        _add_tag(tag, pks, kept)
    return tag


def _batches(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH_SIZE):
        yield pks[start : start + BATCH_SIZE]


def _check(change: TagChange, before: dict[str, Any]) -> None:
    if change.kept and not Tag.objects.filter(pk=change.kept).exists():
        raise CannotUndo(f"“{change.into}” was merged or deleted later. Undo that first.")
    is_same = _has_name_or_slug(before)
    holder = Tag.objects.filter(is_same).first()
    alias = TagAlias.objects.filter(is_same).exclude(tag=change.kept).first()
    if holder or alias:
        other = holder or (alias and alias.tag)
        raise CannotUndo(f"“{other}” now has a name or URL of “{change.tag}”. Rename or merge it first.")


def _has_name_or_slug(before: dict[str, Any]) -> Q:
    named = [before, *before["aliases"]]
    normals = [one["normal"] for one in named if one["normal"]]
    slugs = [one["slug"] for one in named if one["slug"]]
    return Q(normal__in=normals) | Q(slug__in=slugs)


def _add_tag(tag: Tag, pks: list[int], kept: int | None) -> None:
    # Story's module imports that of tag changes.
    from .story import Story

    stories = Story.objects.filter(pk__in=pks)
    if kept:
        stories = stories.filter(story_tags__tag=kept)
    StoryTag.objects.bulk_create(StoryTag(content_object_id=pk, tag=tag) for pk in stories.values_list("pk", flat=True))
