"""Edits of a tag's name, other names and description, and their undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from stories.text.normalize import normal_form

from .errors import CannotUndo
from .tag import Tag, TagAlias
from .term import refuse_taken

if TYPE_CHECKING:
    from .tag_change import TagChange

# {"name", "slug", "description", "names": [other names]}
TagSnapshot = dict[str, Any]


def take_tag_snapshot(tag: Tag) -> TagSnapshot:
    """Return the tag's stored name, slug, description and other names. Two queries."""
    stored = Tag.objects.values("name", "slug", "description").get(pk=tag.pk)
    names = tag.aliases.exclude(normal=None).values_list("name", flat=True)
    return {**stored, "names": list(names)}


def describe_edit(before: TagSnapshot, after: TagSnapshot) -> str:
    """Describe an edit in one line; empty when nothing changed."""
    parts = [f"renamed “{after['name']}”"] if before["name"] != after["name"] else []
    for verb, names in (
        ("other name added", _names_missing_from(before, after)),
        ("other name removed", _names_missing_from(after, before)),
    ):
        parts += [f"{verb}: “{name}”" for name in names if normal_form(name) != normal_form(before["name"])]
    parts += ["description changed"] if before["description"] != after["description"] else []
    return "; ".join(parts)


def undo_rename(change: TagChange) -> Tag:
    """Give a tag its former name, other names and description. Raises CannotUndo.

    The slug is restored as well. The slug that the tag had since then stays an alias, because readers may have kept it.
    """
    before, after = change.before["was"], change.before["became"]
    tag = _tag_to_restore(change, before, after)
    tag.name = before["name"]
    if tag.slug != before["slug"] and tag.aliases.filter(slug=before["slug"]).exists():
        tag.slug = before["slug"]
    if tag.description == after["description"]:
        tag.description = before["description"]
    tag.save()
    _restore_aliases(tag, before, after)
    return tag


def _tag_to_restore(change: TagChange, before: TagSnapshot, after: TagSnapshot) -> Tag:
    """Return the tag, if nothing that happened since prevents the undo."""
    tag = Tag.objects.filter(pk=change.kept or 0).first()
    if tag is None:
        raise CannotUndo(f"“{after['name']}” was merged or deleted later. Undo that first.")
    if tag.name != after["name"]:
        raise CannotUndo(f"“{after['name']}” was renamed “{tag}” later. Undo that first.")
    try:
        for name in [before["name"], *before["names"]]:
            refuse_taken(name, Tag, tag.pk)
    except ValidationError as error:
        raise CannotUndo(" ".join(error.messages)) from None
    return tag


def _restore_aliases(tag: Tag, before: TagSnapshot, after: TagSnapshot) -> None:
    """Remove the other names that the edit added, and add those that it removed."""
    added = {normal_form(name) for name in [after["name"], *after["names"]]}
    added -= {normal_form(name) for name in [before["name"], *before["names"]]}
    tag.aliases.filter(normal__in=added).delete()
    for name in _names_missing_from(after, before):
        if normal_form(name) != tag.normal:
            TagAlias.objects.get_or_create(normal=normal_form(name), defaults={"name": name, "tag": tag})


def _names_missing_from(snapshot: TagSnapshot, other: TagSnapshot) -> list[str]:
    """Return the other names in `other` that `snapshot` doesn't have."""
    known = {normal_form(name) for name in snapshot["names"]}
    return [name for name in other["names"] if normal_form(name) not in known]
