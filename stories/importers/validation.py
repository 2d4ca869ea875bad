"""Validate items with the model fields' own validators."""

import re
from dataclasses import replace
from datetime import UTC
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from stories.fields import Kind, optional_texts
from stories.models import Region, Source, Status, Story, Tag
from stories.text.normalize import printable, tidy

from .item import Item, Link, Rejected, cached_normal_form

MAX_TAGS = MAX_SOURCES = 100
# Item's attributes of one line, without control characters.
LINE_FIELDS = ("headline", "slug", "import_ref")
DATE_FIELDS = ("published_at", "first_published_at", "created_at", "updated_at")
_STATUSES = frozenset(Status.values)
_TEXTS = {field.name: field for field in optional_texts()}
_FIELDS: dict[str, Any] = {name: Story._meta.get_field(name) for name in (*LINE_FIELDS, "body", *_TEXTS)}
_URL: Any = Source._meta.get_field("url")
_LABEL: Any = Source._meta.get_field("label")
# The one date that editors can set. Its validators apply to all dates.
_PUBLISHED_AT = Story._meta.get_field("published_at")
# A URL in which nothing after the host needs validation.
_SIMPLE_URL = re.compile(r"(https?://[a-z0-9.-]+)(/[A-Za-z0-9/._~-]*)?")


def validate(item: Item, *, origin: str, default_status: str) -> Item:
    """Return the item as it can be written, with its origin and a status. Raises Rejected with the first reason."""
    sources, lost_sources = _validate_sources(item.sources)
    status = _validate_status(item.status or default_status)
    if status == Status.PUBLISHED and item.published_at is None:
        raise Rejected("published_at: is required for a published story")
    return replace(
        item,
        origin=origin,
        body=_clean("body", _FIELDS["body"], item.body),
        region=clean_term_name(Region, item.region),
        tags=_validate_tags(item.tags),
        sources=sources,
        lost_sources=item.lost_sources + lost_sources,
        status=status,
        texts={name: _validate_text(name, value) for name, value in item.texts.items()},
        **_validate_lines(item),
        **_validate_dates(item),
    )


@lru_cache(maxsize=10_000)
def clean_term_name(model: type[Region | Tag], name: str) -> str:
    """Return the name as a region or tag can have it. Raises Rejected."""
    kind, name = str(model._meta.verbose_name), tidy(name)
    _check_length(kind, name, model._meta.get_field("name"))
    normal = cached_normal_form(name)
    if not normal:
        raise Rejected(f"{kind}: “{name}” has no visible character" if name else f"{kind}: is missing")
    _check_length(kind, normal, model._meta.get_field("normal"))
    return name


def _check_length(kind: str, text: str, field: Any) -> None:
    if len(text) > field.max_length:
        raise Rejected(f"{kind}: “{text[:40]}…” is longer than {field.max_length} characters")


def _validate_lines(item: Item) -> dict[str, Any]:
    values = {name: value for name in LINE_FIELDS if (value := getattr(item, name)) is not None}
    return {name: _clean(name, _FIELDS[name], printable(value)) for name, value in values.items()}


def _validate_text(name: str, value: str) -> str:
    is_plain = _TEXTS[name].kind is not Kind.RICH_TEXT
    return _clean(name, _FIELDS[name], printable(value) if is_plain else value)


def _validate_tags(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) > MAX_TAGS:
        raise Rejected(f"tags: there are {len(names):,}, the limit is {MAX_TAGS}")
    kept: dict[str, str] = {}
    for name in [clean_term_name(Tag, name) for name in names]:
        kept.setdefault(cached_normal_form(name), name)
    return tuple(kept.values())


def _validate_sources(links: tuple[Link, ...]) -> tuple[tuple[Link, ...], int]:
    """Return the sources with a valid URL, each once, and the number of those without."""
    if len(links) > MAX_SOURCES:
        raise Rejected(f"sources: there are {len(links):,}, the limit is {MAX_SOURCES}")
    kept: dict[str, Link] = {}
    lost = 0
    for link in links:
        try:
            url = _clean_url(link.url)
        except (ValidationError, ValueError):
            lost += 1
        else:
            kept.setdefault(url, Link(url, link.label and _clean("sources", _LABEL, printable(link.label))))
    return tuple(kept.values()), lost


def _clean_url(text: str) -> str:
    """Return the URL as a source stores it. Raises ValidationError and ValueError.

    Each host is validated once: that takes longer than everything else about a story.
    """
    text = text.strip()
    if len(text) > _URL.max_length:
        # It only gets longer, and encoding a host of a million letters takes half a minute.
        raise ValueError("too long")
    simple = _SIMPLE_URL.fullmatch(text)
    if simple is None:
        return _URL.clean(text, None)
    return _clean_site(simple[1]) + (simple[2] or "")


@lru_cache(maxsize=10_000)
def _clean_site(url: str) -> str:
    return _URL.clean(url, None)


def _validate_status(name: str) -> str:
    if name not in _STATUSES:
        raise Rejected(f"status: must be one of {', '.join(Status.values)}, not “{name[:40]}”")
    return name


def _validate_dates(item: Item) -> dict[str, Any]:
    dates = {name: date for name in DATE_FIELDS if (date := getattr(item, name))}
    return {name: _clean(name, _PUBLISHED_AT, date).astimezone(UTC) for name, date in dates.items()}


def _clean(name: str, field: Any, value: Any) -> Any:
    """Validate the value as a model form does. Raises Rejected."""
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise Rejected(f"{name}: {' '.join(error.messages)}") from error
