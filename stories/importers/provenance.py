"""What imports have brought to a story, kept as digests in `Story.imported`: how an import tells what an
editor changed since, and leaves it alone. Pages and JSON lines are remembered apart, because one may be
older than the other."""

from datetime import UTC, datetime

from stories.models import Region
from stories.text.normalize import tidy

from .item import JSON_LINES, K2, Item, cached_normal_form, hex_digest


class Provenance:
    """The part of `story.imported` that belongs to one origin."""

    def __init__(self, story, origin: str):
        self._story, self._origin = story, origin
        self._own = (story.imported or {}).get(origin)

    def __bool__(self):
        """False for a story that this origin did not bring: it is nobody's but the editors'."""
        return self._own is not None

    def begin(self) -> None:
        self._own = {"seen": [], "fields": {}, "tags": [], "sources": []}
        self._story.imported = (self._story.imported or {}) | {self._origin: self._own}

    def has_seen(self, item: Item) -> bool:
        return item.digest in self._own["seen"]

    def saw(self, item: Item) -> None:
        self._own["seen"].append(item.digest)

    def is_untouched(self, field: str, ours) -> bool:
        return self._own["fields"].get(field) == digest(ours)

    def brought(self, field: str, value) -> None:
        self._own["fields"][field] = digest(value)

    def is_new_tag(self, name: str, tag) -> bool:
        """Whether no import has brought it yet, under this name or another; from now on one has."""
        return self._is_new("tags", cached_normal_form(name), tag.normal)

    def is_new_source(self, url: str) -> bool:
        return self._is_new("sources", hex_digest(url))

    def _is_new(self, kind, *marks):
        known = self._own[kind]
        is_new = not any(mark in known for mark in marks)
        known.extend(mark for mark in dict.fromkeys(marks) if mark not in known)
        return is_new


def digest(value) -> str:
    """Of a field's value: equal for equal values, whatever their spelling or time zone."""
    match value:
        case Region():
            return hex_digest(value.normal)
        case datetime():
            return hex_digest(value.astimezone(UTC).isoformat())
    return hex_digest(str(value))


def is_provenance(value: dict) -> bool:
    """Whether a file's `imported` has the shape of what is kept here."""
    return value.keys() <= {K2, JSON_LINES} and all(map(_is_part, value.values()))


def _is_part(value):
    if not isinstance(value, dict) or value.keys() != {"seen", "fields", "tags", "sources"}:
        return False
    fields = value["fields"]
    lists = [value["seen"], value["tags"], value["sources"]]
    if not isinstance(fields, dict) or not all(isinstance(part, list) for part in lists):
        return False
    texts = [text for part in [*lists, fields, fields.values()] for text in part]
    return all(isinstance(text, str) and text == tidy(text) for text in texts)
