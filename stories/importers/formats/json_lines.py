"""JSON lines: one story a line, with everything readers and editors see of it. The only format that is also
written. Revisions and people are not in it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, TextIO

from django.db.models import QuerySet

from stories.importers.item import JSON_LINES, Failure, Item, Link, Refused
from stories.importers.provenance import is_provenance
from stories.models import Story
from stories.text.normalize import tidy

LONGEST_LINE = 20 * 1024 * 1024
READ_AT_ONCE = 500
_MARK = b"\xef\xbb\xbf"
_WORDS = {str: "text", list: "a list", dict: "an object"}


def read(file: BinaryIO, advance: Callable[[int], object]) -> Iterator[Item | Failure]:
    """One item a line, blank lines left out; a line at a time is in memory, however large the file."""
    number, is_new = 1, True
    while line := file.readline(LONGEST_LINE):
        advance(len(line))
        is_whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        if is_new and not is_whole:
            yield Failure(f"line {number}", f"is longer than {LONGEST_LINE // 1024**2} MB")
        elif is_new and (line := line.removeprefix(_MARK).strip()):
            yield _read_line(line, f"line {number}")
        number, is_new = number + is_whole, is_whole


def export_queryset(stories: QuerySet) -> Iterator[Story]:
    """The stories as `write` needs them, in the order they were made, a few hundred in memory at a time."""
    return stories.with_related().order_by("pk").iterator(chunk_size=READ_AT_ONCE)


def write(stories: Iterable[Story], out: TextIO) -> None:
    for story in stories:
        out.write(json.dumps(_record(story), ensure_ascii=False) + "\n")


def _record(story):
    record = {
        "slug": story.slug,
        "headline": story.headline,
        "body": story.body,
        "region": story.region.name,
        "tags": [tag.name for tag in story.tags_in_order],
        "sources": [{"url": source.url, "label": source.label} for source in story.sources_in_order],
        "byline": story.byline,
        "correction": story.correction,
        "status": story.status,
        "published_at": _iso(story.published_at),
        "first_published_at": _iso(story.first_published_at),
        "created_at": _iso(story.created_at),
        "updated_at": _iso(story.updated_at),
        "import_ref": story.import_ref,
    }
    # Without it, a page imported into the copy would undo what an editor has changed in the original.
    return record | ({"imported": story.imported} if story.imported else {})


def _iso(moment):
    return moment and moment.isoformat()


def _read_line(line, place):
    try:
        return _item(_parse(line), place)
    except Refused as refusal:
        return Failure(place, str(refusal))


def _parse(line):
    try:
        record = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise Refused("is not written in UTF-8") from error
    except ValueError as error:
        raise Refused(f"is not JSON: {error}") from error
    except RecursionError as error:
        raise Refused("is not a story: it is nested too deep") from error
    if not isinstance(record, dict):
        raise Refused("is not a JSON object")
    return record


def _item(record, place):
    reference, slug = (_value(record, key, str) or "" for key in ("import_ref", "slug"))
    if not tidy(reference + slug):
        raise Refused("needs a slug or an import_ref to be known by")
    return Item(
        place=place,
        origin=JSON_LINES,
        headline=_value(record, "headline", str) or "",
        body=_value(record, "body", str) or "",
        region=_value(record, "region", str) or "",
        tags=tuple(_check(tag, "tags", str) for tag in _value(record, "tags", list) or []),
        sources=tuple(_link(source) for source in _value(record, "sources", list) or []),
        import_ref=reference if tidy(reference) else None,
        slug=slug,
        byline=_value(record, "byline", str) or "",
        correction=_value(record, "correction", str),
        status=_value(record, "status", str),
        published_at=_moment(record, "published_at"),
        first_published_at=_moment(record, "first_published_at"),
        created_at=_moment(record, "created_at"),
        updated_at=_moment(record, "updated_at"),
        imported=_memories(record),
    )


def _value(record, key, kind):
    value = record.get(key)
    return None if value is None else _check(value, key, kind)


def _check(value, key, kind):
    if not isinstance(value, kind):
        raise Refused(f"{key}: must be {_WORDS[kind]}, not {json.dumps(value)[:40]}")
    return value


def _link(source):
    source = _check(source, "sources", dict)
    return Link(_value(source, "url", str) or "", _value(source, "label", str) or "")


def _moment(record, key) -> datetime | None:
    text = _value(record, key, str)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{key}: must be like 2024-06-20T12:00:00+01:00, not {text[:40]}") from error
    if moment.tzinfo is None:
        raise Refused(f"{key}: needs an offset, like +01:00 at the end")
    return moment


def _memories(record):
    memories = _value(record, "imported", dict)
    if memories and not is_provenance(memories):
        raise Refused("imported: is not what an export wrote")
    return memories
