"""Provenance: digests of the values that imports gave a story, kept in `Story.imported`.

A value that no longer matches its digest was changed by an editor, and imports leave it alone. Each origin has a record,
because a K2 page may be older than an export of the same story. Unknown origins are kept unchanged.
"""

import re
from datetime import UTC, datetime
from typing import Any, TypedDict

from stories.models import Region, Story, Tag
from stories.text.normalize import tidy

from .item import Item, cached_normal_form, hex_digest

ORIGIN = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Record(TypedDict):
    """The value in `Story.imported` for one origin. Digests, and normal forms of tags."""

    seen: list[str]
    fields: dict[str, str]
    tags: list[str]
    sources: list[str]


class Provenance:
    """The record of one origin for one story. Changes go into `story.imported`, which the caller saves."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @classmethod
    def start(cls, story: Story, origin: str) -> "Provenance":
        """Begin the record of an origin that creates this story."""
        record = Record(seen=[], fields={}, tags=[], sources=[])
        story.imported = (story.imported or {}) | {origin: record}
        return cls(record)

    @classmethod
    def find(cls, story: Story, origin: str) -> "Provenance | None":
        """Return None if the story didn't come from this origin. Imports from it then leave the story alone."""
        record = (story.imported or {}).get(origin)
        return None if record is None else cls(record)

    def has_seen(self, item: Item) -> bool:
        """Tell whether an equal item was imported before."""
        return item.digest in self._record["seen"]

    def mark_seen(self, item: Item) -> None:
        self._record["seen"].append(item.digest)

    def is_unedited(self, field: str, value: object) -> bool:
        """Tell whether the story's value is still the one from the last import."""
        return self._record["fields"].get(field) == digest(value)

    def record_field(self, field: str, value: object) -> None:
        self._record["fields"][field] = digest(value)

    def record_tag(self, name: str, tag: Tag) -> bool:
        """Record the tag. Return False if it was imported before, under this name or the tag's own."""
        return self._record_all(self._record["tags"], {cached_normal_form(name), tag.normal})

    def record_source(self, url: str) -> bool:
        """Record the source. Return False if it was imported before."""
        return self._record_all(self._record["sources"], {hex_digest(url)})

    def _record_all(self, known: list[str], keys: set[str]) -> bool:
        new = keys.difference(known)
        known.extend(sorted(new))
        return new == keys


def digest(value: object) -> str:
    """Return a digest that is equal for equal values: a region by any spelling, a moment in any time zone."""
    match value:
        case Region():
            return hex_digest(value.normal)
        case datetime():
            return hex_digest(value.astimezone(UTC).isoformat())
    return hex_digest(str(value))


def is_provenance(value: dict[str, Any]) -> bool:
    """Tell whether a file's `imported` has the shape of `Story.imported`. The origins may be unknown."""
    return all(ORIGIN.fullmatch(origin) and _is_record(record) for origin, record in value.items())


def _is_record(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != Record.__annotations__.keys():
        return False
    fields = value["fields"]
    lists = [value["seen"], value["tags"], value["sources"]]
    if not isinstance(fields, dict) or not all(isinstance(part, list) for part in lists):
        return False
    texts = [text for part in [*lists, fields, fields.values()] for text in part]
    return all(isinstance(text, str) and text == tidy(text) for text in texts)
