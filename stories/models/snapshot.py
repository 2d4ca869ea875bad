"""Snapshots: a story's editable fields as plain JSON, for revisions, previews and the merge of two editors' changes.

Tags and regions are stored by name, which finds them after any rename or merge.
"""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from stories.fields import FIELDS, Field, Kind

from .region import Region

if TYPE_CHECKING:
    from .story import Story

# {name of a field: its value}, see fields.Kind.
Snapshot = dict[str, Any]

# Of tags, and of sources: more than any story has.
MAX_LIST_ITEMS = 1_000
# A database can store neither.
_NUL_OR_SURROGATE = re.compile("[\x00\ud800-\udfff]")


class SnapshotField(models.JSONField):
    """A column of snapshots. Reading completes those that are older than a field."""

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        return upgrade_snapshot(super().from_db_value(value, expression, connection))


def empty_snapshot() -> Snapshot:
    """Return the snapshot of a story in which nothing is written yet."""
    return {field.name: field.empty for field in FIELDS}


def upgrade_snapshot(content: Any) -> Any:
    """Add the fields that a snapshot is too old to have, and drop unknown ones. Other values are returned unchanged."""
    if not isinstance(content, dict):
        return content
    return {name: content.get(name, default) for name, default in empty_snapshot().items()}


def take_snapshot(story: "Story") -> Snapshot:
    """Return the stored story's snapshot. Three queries at most, none after `with_related()`."""
    return {field.name: _plain_value(field, story) for field in FIELDS}


def _plain_value(field: Field, story: "Story") -> Any:
    match field.kind:
        case Kind.TAGS:
            return [tag.name for tag in story.tags_in_order]
        case Kind.SOURCES:
            return [[source.url, source.label] for source in story.sources_in_order]
        case Kind.REGION:
            return story.region.name
        case Kind.DATE:
            return format_minute(getattr(story, field.name))
    return str(getattr(story, field.name))


def format_minute(moment: datetime | None) -> str:
    """Format as a form shows it: the boxes have no seconds, so a difference in seconds is no change."""
    return moment.astimezone(UTC).isoformat(timespec="minutes") if moment else ""


def restore_snapshot(story: "Story", content: Snapshot) -> None:
    """Save a story with the snapshot's values. Tags and regions that were deleted since are created again."""
    current = take_snapshot(story)
    changed = [field for field in FIELDS if field.is_restored and content[field.name] != current[field.name]]
    for field in changed:
        if field.is_column:
            setattr(story, field.name, _column_value(field, story, content[field.name]))
    story.save()
    for field in changed:
        if field.kind is Kind.TAGS:
            story.tags.set(content[field.name])
        elif field.kind is Kind.SOURCES:
            story.sources.replace(content[field.name])


def _column_value(field: Field, story: "Story", value: str) -> Any:
    match field.kind:
        case Kind.REGION:
            return Region.objects.ensure([value])[value]
        case Kind.DATE if value:
            return datetime.fromisoformat(value)
        case Kind.DATE:
            # A published story needs its date.
            return timezone.now() if story.live_at else None
    return value


def is_snapshot(value: Any) -> bool:
    """Check that a value has the shape of a snapshot: a form may send back anything."""
    return isinstance(value, dict) and all(_is_valid(field, value.get(field.name)) for field in FIELDS)


def _is_valid(field: Field, value: Any) -> bool:
    match field.kind:
        case Kind.TAGS:
            return _is_list(_is_text, value)
        case Kind.SOURCES:
            return _is_list(lambda row: _is_list(_is_text, row) and len(row) == 2, value)
        case Kind.DATE:
            return _is_text(value) and _is_date(value)
    return _is_text(value)


def _is_list(is_item: Any, value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MAX_LIST_ITEMS and all(map(is_item, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not _NUL_OR_SURROGATE.search(value)


def _is_date(text: str) -> bool:
    """Check that the text is empty, or a moment which every time zone can show."""
    try:
        return not text or bool(timezone.localtime(datetime.fromisoformat(text)))
    except (ValueError, OverflowError):
        return False


def merge(base: Snapshot, theirs: Snapshot, mine: Snapshot) -> tuple[Snapshot, list[str]]:
    """Merge two changes of one snapshot, field by field. Returns (snapshot, names of the fields in conflict).

    `base` is what I saw before I changed it. A field is in conflict when both changed it differently; the merged
    snapshot then has mine. Tags and sources merge item by item.
    """
    merged: Snapshot = {}
    conflicts: list[str] = []
    for field in FIELDS:
        versions = base[field.name], theirs[field.name], mine[field.name]
        match field.kind:
            case Kind.TAGS:
                merged[field.name], is_conflict = _merge_tags(*versions)
            case Kind.SOURCES:
                merged[field.name], is_conflict = _merge_sources(*versions)
            case _:
                merged[field.name], is_conflict = _merge_values(*versions)
        if is_conflict:
            conflicts.append(field.name)
    return merged, conflicts


def _merge_values(base: str, theirs: str, mine: str) -> tuple[str, bool]:
    if mine == base:
        return theirs, False
    return mine, mine != theirs and base != theirs


def _merge_tags(base: list[str], theirs: list[str], mine: list[str]) -> tuple[list[str], bool]:
    return _merge_lists(base, theirs, mine), False


def _merge_lists(base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    """Keep my order, append what they added, drop what either of us removed."""
    kept = [value for value in mine if value in theirs or value not in base]
    return list(dict.fromkeys([*kept, *(value for value in theirs if value not in base)]))


def _merge_sources(base: list, theirs: list, mine: list) -> tuple[list, bool]:
    """Merge the URLs as a list, and the label of each URL as a value."""
    labels = [dict(rows) for rows in (base, theirs, mine)]
    merged, is_conflict = [], False
    for url in dict.fromkeys(url for rows in labels for url in rows):
        was, their, my = (rows.get(url) for rows in labels)
        # Three different values: two new labels, or one person removed the source that the other relabelled.
        is_conflict |= len({was, their, my}) == 3
        merged.append((url, their if my == was else my))
    known = dict(merged)
    return [[url, known[url]] for url in _merge_lists(*(list(rows) for rows in labels))], is_conflict
