"""What a tag was before a merge or a deletion took it away, and giving it all back. What is remembered of it is in tag_change.py."""

from django.db.models import Q

from .cannot_undo import CannotUndo
from .story_tag import StoryTag
from .tag import Tag, TagAlias

# Stories a query, well below what either database takes.
BATCH = 5_000


def removal_state(tag: Tag, kept: Tag | None) -> dict:
    """A tag with its names, addresses and stories, and which of these the other has too. Four queries."""
    tag = Tag.objects.get(pk=tag.pk)  # the caller's copy may be older than a rename
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


def undo_removal(change) -> Tag:
    """The tag with its names, its addresses and its stories. Raises CannotUndo.

    Of the stories it gets those that are still there and still have the tag that stayed: what an editor retagged since
    is left as it is.
    """
    before, kept = change.before, change.kept
    _check(change, before)
    tag = Tag(pk=before["pk"], **{name: before[name] for name in ("name", "normal", "slug", "description")})
    Tag.objects.bulk_create([tag])
    normals, slugs = _names(before)
    TagAlias.objects.filter(Q(normal__in=normals) | Q(slug__in=slugs)).delete()
    TagAlias.objects.bulk_create(TagAlias(tag=tag, **alias) for alias in before["aliases"])
    both = set(before["both"])
    moved = [pk for pk in before["stories"] if pk not in both]
    for start in range(0, len(moved), BATCH):
        some = moved[start : start + BATCH]
        if kept:
            StoryTag.objects.filter(tag=kept, content_object__in=some).update(tag=tag)
        else:
            _put_on(tag, some, kept)
    there = sorted(both)
    for start in range(0, len(there), BATCH):
        _put_on(tag, there[start : start + BATCH], kept)
    return tag


def _check(change, before):
    if change.kept and not Tag.objects.filter(pk=change.kept).exists():
        raise CannotUndo(f"“{change.into}” has itself been merged or deleted since: undo that first.")
    normals, slugs = _names(before)
    holder = Tag.objects.filter(Q(normal__in=normals) | Q(slug__in=slugs)).first()
    other = TagAlias.objects.filter(Q(normal__in=normals) | Q(slug__in=slugs)).exclude(tag=change.kept).first()
    if holder or other:
        raise CannotUndo(
            f"“{holder or other.tag}” has a name or address of “{change.tag}” by now: rename or merge it first."
        )


def _names(before):
    aliases = before["aliases"]
    normals = [before["normal"], *(alias["normal"] for alias in aliases if alias["normal"])]
    return normals, [before["slug"], *(alias["slug"] for alias in aliases if alias["slug"])]


def _put_on(tag, pks, kept):
    from .story import Story

    stories = Story.objects.filter(pk__in=pks)
    if kept:
        stories = stories.filter(story_tags__tag=kept)
    StoryTag.objects.bulk_create(StoryTag(content_object_id=pk, tag=tag) for pk in stories.values_list("pk", flat=True))
