"""Previews: a story as readers will see it, made from a snapshot instead of from the stored story."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from stories.fields import FIELDS, Field, Kind
from stories.listings.story_rows import ListedRegion, ListedStory, ListedTerm
from stories.models import Region, Snapshot, Source, Tag
from stories.text.html import sanitise
from stories.text.slugs import slug_for

PLACEHOLDERS: dict[str, Any] = {"slug": "preview", "headline": gettext_lazy("No headline yet")}


def preview_story(content: Snapshot) -> ListedStory:
    """Return the story that a snapshot shows; its texts may be anything. Four queries at most."""
    story = ListedStory(pk=0, updated_at=None)
    for field in FIELDS:
        name = {Kind.TAGS: "tags_in_order", Kind.SOURCES: "sources_in_order"}.get(field.kind, field.name)
        setattr(story, name, _listed_value(field, content[field.name] or PLACEHOLDERS.get(field.name, field.empty)))
    return story


def _listed_value(field: Field, value: Any) -> Any:
    match field.kind:
        case Kind.RICH_TEXT:
            return sanitise(value)
        case Kind.DATE:
            return parse_datetime(value)
        case Kind.REGION:
            region = Region.objects.named([value]).get(value)
            return ListedRegion(region.name, region.slug, region.pk) if region else no_region()
        case Kind.TAGS:
            known = Tag.objects.named(value)
            return [_term(name, known.get(name)) for name in value]
        case Kind.SOURCES:
            return [Source(url=url, label=label) for url, label in value]
    return value


def no_region() -> ListedRegion:
    # Translators: in a preview, instead of the region's name.
    return ListedRegion(gettext("no region yet"), "none", 0)


def parse_datetime(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone() if text else None
    except (ValueError, OverflowError):
        return None


def _term(name: str, tag: Tag | None) -> ListedTerm:
    """Return the tag, or a guess at the slug that a new tag will get."""
    return ListedTerm(tag.name, tag.slug) if tag else ListedTerm(name, slug_for(name, otherwise="tag", length=90))
