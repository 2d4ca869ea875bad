"""A story as readers would see it, from what is typed or kept of it instead of from what is stored."""

from datetime import datetime

from stories.listings.story_rows import ListedRegion, ListedStory, ListedTerm
from stories.models import Region, Source, Tag, sanitise
from stories.text.normalize import slug_for


def as_readers_would_see(content: dict) -> ListedStory:
    """Of a story's content, see models/content.py; anything may be in it. Four queries at most."""
    region = Region.objects.named([content["region"]]).get(content["region"])
    tags = Tag.objects.named(content["tags"])
    return ListedStory(
        pk=0,
        slug=content["slug"] or "preview",
        headline=content["headline"] or "No headline yet",
        body=sanitise(content["body"]),
        byline=content["byline"],
        correction=content["correction"],
        published_at=parse_datetime(content["published_at"]),
        updated_at=None,
        region=ListedRegion(region.name, region.slug, region.pk)
        if region
        else ListedRegion("no region yet", "none", 0),
        tags_in_order=[_term(name, tags.get(name)) for name in content["tags"]],
        sources_in_order=[Source(url=url, label=label) for url, label in content["sources"]],
    )


def parse_datetime(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone() if text else None
    except (ValueError, OverflowError):
        return None


def _term(name, tag):
    """A new tag's address is only a guess: it comes into being with the tag."""
    return ListedTerm(tag.name, tag.slug) if tag else ListedTerm(name, slug_for(name, otherwise="tag", length=90))
