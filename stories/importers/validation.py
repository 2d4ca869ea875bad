"""Whether an item could be a story, by the rules of the models' own fields: no second set of rules here."""

import re
from dataclasses import replace
from datetime import UTC
from functools import lru_cache

from django.core.exceptions import ValidationError

from stories.models import Region, Source, Status, Story, Tag
from stories.text.normalize import printable, tidy

from .item import Item, Link, Refused, cached_normal_form

MOST_TERMS = 100
_URL, _LABEL = (Source._meta.get_field(name) for name in ("url", "label"))
_PUBLISHED_AT = Story._meta.get_field("published_at")
_STATUSES = frozenset(Status.values)
# An address without anything that could be wrong after its host's name.
_PLAIN_ADDRESS = re.compile(r"(https?://[a-z0-9.-]+)(/[A-Za-z0-9/._~-]*)?")
_DATES = ("published_at", "first_published_at", "created_at", "updated_at")


def checked(item: Item, status: str) -> Item:
    """The item as it can be written, with this status where it names none. Raises Refused with the first reason."""
    sources, lost_sources = _sources(item.sources)
    status = _status(item.status or status)
    return replace(
        item,
        headline=_of_story("headline", printable(item.headline)),
        slug=_of_story("slug", printable(item.slug)),
        body=_of_story("body", item.body),
        region=term_name(Region, item.region),
        tags=_tags(item.tags),
        sources=sources,
        lost_sources=item.lost_sources + lost_sources,
        byline=item.byline and _of_story("byline", printable(item.byline)),
        correction=item.correction and _of_story("correction", printable(item.correction)),
        status=status,
        import_ref=item.import_ref and _of_story("import_ref", printable(item.import_ref)),
        **_dates(item, status),
    )


@lru_cache(maxsize=10_000)
def term_name(model, name: str) -> str:
    """The name as a region or tag may bear it."""
    kind, name = model._meta.verbose_name, tidy(name)
    _refuse_long(kind, name, model._meta.get_field("name"))
    normal = cached_normal_form(name)
    if not normal:
        raise Refused(f"{kind}: “{name}” can't be read" if name else f"{kind}: is missing")
    _refuse_long(kind, normal, model._meta.get_field("normal"))
    return name


def _refuse_long(kind, text, field):
    if len(text) > field.max_length:
        raise Refused(f"{kind}: “{text[:40]}…” is longer than {field.max_length} characters")


def _tags(names):
    if len(names) > MOST_TERMS:
        raise Refused(f"tags: there are {len(names)}; a story has at most {MOST_TERMS}")
    kept = {}
    for name in [term_name(Tag, name) for name in names]:
        kept.setdefault(cached_normal_form(name), name)
    return tuple(kept.values())


def _sources(links):
    """Those with an address that may be linked, each once; and how many had none."""
    if len(links) > MOST_TERMS:
        raise Refused(f"sources: there are {len(links)}; a story has at most {MOST_TERMS}")
    kept, lost = {}, 0
    for link in links:
        try:
            url = _address(link.url)
        except (ValidationError, ValueError):
            lost += 1
        else:
            kept.setdefault(url, Link(url, link.label and _cleaned("sources", _LABEL, printable(link.label))))
    return tuple(kept.values()), lost


def _address(text):
    """As it can be linked. A host is judged once, for that takes longer than all else about a story."""
    text = text.strip()
    if len(text) > _URL.max_length:
        # It only gets longer, and encoding a host of a million letters takes half a minute.
        raise ValueError("too long")
    plain = _PLAIN_ADDRESS.fullmatch(text)
    if plain is None:
        return _URL.clean(text, None)
    return _site(plain[1]) + (plain[2] or "")


@lru_cache(maxsize=10_000)
def _site(address):
    return _URL.clean(address, None)


def _status(name):
    if name not in _STATUSES:
        raise Refused(f"status: must be one of {', '.join(Status.values)}, not “{name[:40]}”")
    return name


def _dates(item, status):
    if status == Status.PUBLISHED and item.published_at is None:
        raise Refused("published_at: a published story needs one")
    # The rules for the one date that editors can set hold for all.
    moments = {name: moment for name in _DATES if (moment := getattr(item, name))}
    return {name: _cleaned(name, _PUBLISHED_AT, moment).astimezone(UTC) for name, moment in moments.items()}


def _of_story(field, value):
    return _cleaned(field, Story._meta.get_field(field), value)


def _cleaned(name, field, value):
    try:
        return field.clean(value, None)
    except ValidationError as error:
        raise Refused(f"{name}: {' '.join(error.messages)}") from error
