"""What an editor writes of a tag: its name, its other names, its description; and going back to what they were."""

from django.core.exceptions import ValidationError

from stories.text.normalize import normal_form

from .cannot_undo import CannotUndo
from .tag import Tag, TagAlias, refuse_taken


def take_tag_snapshot(tag: Tag) -> dict:
    """What is stored of the tag now: {"name", "slug", "description", "names": [other names]}. Two queries."""
    words = Tag.objects.values("name", "slug", "description").get(pk=tag.pk)
    return words | {"names": list(tag.aliases.exclude(normal=None).values_list("name", flat=True))}


def describe_edit(before: dict, after: dict) -> str:
    """What an edit of a tag's words did, in a line."""
    said = [f"renamed “{after['name']}”"] if before["name"] != after["name"] else []
    for verb, names in (
        ("other name added", _only(after, before)),
        ("other name taken away", _only(before, after)),
    ):
        said += [f"{verb}: “{name}”" for name in names if normal_form(name) != normal_form(before["name"])]
    said += ["description changed"] if before["description"] != after["description"] else []
    return "; ".join(said)


def undo_rename(change) -> Tag:
    """The tag with the words it had. Raises CannotUndo.

    Its address goes back as well, and the one it had meanwhile leads there for ever: readers may have kept it.
    """
    before, after = change.before["was"], change.before["became"]
    tag = Tag.objects.filter(pk=change.kept).first()
    if tag is None:
        raise CannotUndo(f"“{after['name']}” has been merged or deleted since: undo that first.")
    if tag.name != after["name"]:
        raise CannotUndo(f"“{after['name']}” has been renamed “{tag}” since: undo that first.")
    added = {normal_form(name) for name in [after["name"], *after["names"]]}
    added -= {normal_form(name) for name in [before["name"], *before["names"]]}
    try:
        refuse_taken(before["name"], Tag, tag.pk)
        for name in before["names"]:
            refuse_taken(name, Tag, tag.pk)
    except ValidationError as error:
        raise CannotUndo(" ".join(error.messages)) from None
    tag.name = before["name"]
    if tag.slug != before["slug"] and tag.aliases.filter(slug=before["slug"]).exists():
        tag.slug = before["slug"]
    if tag.description == after["description"]:
        tag.description = before["description"]
    tag.save()
    tag.aliases.filter(normal__in=added).delete()
    for name in _only(before, after):
        if normal_form(name) != tag.normal:
            TagAlias.objects.get_or_create(normal=normal_form(name), defaults={"name": name, "tag": tag})
    return tag


def _only(words, others):
    """Of the other names of the one those that the other has not."""
    known = {normal_form(name) for name in others["names"]}
    return [name for name in words["names"] if normal_form(name) not in known]
