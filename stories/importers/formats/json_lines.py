"""JSON lines: one story a line, with all that readers and editors see of it.

This is the only format that is also written. It has no revisions and no people.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, TypeVar

from stories.fields import FIELDS, Field, Kind, optional_texts
from stories.importers.fallback_dates import FallbackDates
from stories.importers.item import Failure, Item, Link, Rejected
from stories.importers.provenance import is_provenance
from stories.models import Story
from stories.text.normalize import tidy

from .base import Format

MAX_LINE_BYTES = 20 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_KINDS = {str: "text", list: "a list", dict: "an object"}
_TEXTS = [field.name for field in optional_texts()]
T = TypeVar("T", str, list, dict)


class JSONLines(Format):
    name = "JSON lines"
    suffixes = (".jsonl",)
    origin = "json"

    def recognises(self, start: str) -> bool:
        return start.startswith("{")

    def read(self, file: BinaryIO, dates: FallbackDates) -> Iterator[Item | Failure]:
        """Yield one item a line, skipping blank lines. Only one line at a time is in memory."""
        number, is_start = 1, True
        while line := file.readline(MAX_LINE_BYTES):
            is_end = line.endswith(b"\n") or len(line) < MAX_LINE_BYTES
            if is_start and not is_end:
                yield Failure(f"line {number}", f"is longer than {MAX_LINE_BYTES // 1024**2} MB")
            elif is_start and (line := line.removeprefix(_BYTE_ORDER_MARK).strip()):
                yield _read_line(line, f"line {number}")
            number, is_start = number + is_end, is_end


def to_json_lines(stories: Iterable[Story]) -> Iterator[str]:
    """Yield a line for each story. Fetch them `with_related()`, or each takes three queries."""
    for story in stories:
        yield json.dumps(_to_record(story), ensure_ascii=False) + "\n"


def _to_record(story: Story) -> dict[str, Any]:
    record = {field.name: _to_json(field, story) for field in FIELDS if field.in_export} | {
        "status": story.status,
        "first_published_at": _iso(story.first_published_at),
        "created_at": _iso(story.created_at),
        "updated_at": _iso(story.updated_at),
        "import_ref": story.import_ref,
    }
    # Without its provenance, a page imported into the copy would undo what editors changed in the original.
    return record | ({"imported": story.imported} if story.imported else {})


def _to_json(field: Field, story: Story) -> Any:
    match field.kind:
        case Kind.REGION:
            return story.region.name
        case Kind.TAGS:
            return [tag.name for tag in story.tags_in_order]
        case Kind.SOURCES:
            return [{"url": source.url, "label": source.label} for source in story.sources_in_order]
        case Kind.DATE:
            return _iso(getattr(story, field.name))
    return getattr(story, field.name)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read_line(line: bytes, place: str) -> Item | Failure:
    try:
        return _to_item(_parse(line), place)
    except Rejected as error:
        return Failure(place, str(error))
    except RecursionError:
        return Failure(place, "is nested too deeply")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise Rejected("is not valid UTF-8") from error
    except ValueError as error:
        raise Rejected(f"is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Rejected("is not a JSON object")
    return record


def _to_item(record: dict[str, Any], place: str) -> Item:
    reference, slug = (_get(record, key, str) or "" for key in ("import_ref", "slug"))
    if not tidy(reference + slug):
        raise Rejected("needs a slug or an import_ref")
    return Item(
        place=place,
        headline=_get(record, "headline", str) or "",
        body=_get(record, "body", str) or "",
        region=_get(record, "region", str) or "",
        tags=tuple(_check(tag, "tags", str) for tag in _get(record, "tags", list) or []),
        sources=tuple(_link(source) for source in _get(record, "sources", list) or []),
        import_ref=reference if tidy(reference) else None,
        slug=slug,
        texts={name: text for name in _TEXTS if (text := _get(record, name, str)) is not None},
        status=_get(record, "status", str),
        published_at=_moment(record, "published_at"),
        first_published_at=_moment(record, "first_published_at"),
        created_at=_moment(record, "created_at"),
        updated_at=_moment(record, "updated_at"),
        imported=_imported(record),
    )


def _get(record: dict[str, Any], key: str, kind: type[T]) -> T | None:
    value = record.get(key)
    return None if value is None else _check(value, key, kind)


def _check(value: Any, key: str, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise Rejected(f"{key}: must be {_KINDS[kind]}, not {json.dumps(value)[:40]}")
    return value


def _link(source: Any) -> Link:
    source = _check(source, "sources", dict)
    return Link(_get(source, "url", str) or "", _get(source, "label", str) or "")


def _moment(record: dict[str, Any], key: str) -> datetime | None:
    text = _get(record, key, str)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Rejected(f"{key}: must be like 2024-06-20T12:00:00+01:00, not {text[:40]}") from error
    if moment.tzinfo is None:
        raise Rejected(f"{key}: needs a UTC offset, such as +01:00")
    return moment


def _imported(record: dict[str, Any]) -> dict[str, Any] | None:
    imported = _get(record, "imported", dict)
    if imported and not is_provenance(imported):
        raise Rejected("imported: is not as exportstories writes it")
    return imported
