"""What an editor writes of a story, as plain values: what a version keeps, and what changes of two people merge from.

Tags and regions go by their names, which find them after any rename or merge. How a form sends it is the form's affair.
"""

import re
from datetime import UTC, datetime

from django.db import models
from django.utils import timezone

TEXTS = ("headline", "body", "region", "byline", "correction", "published_at", "slug")
SETS = ("tags", "sources")
# Of tags, and of sources: more than any story has.
MOST = 1_000
_UNHEARD_OF = re.compile("[\x00\ud800-\udfff]")


def take_snapshot(story) -> dict:
    """{field: value} of a stored story: texts, `tags` as names, `sources` as [address, label]. Three queries at most."""
    return {
        "headline": story.headline,
        "body": str(story.body),
        "region": story.region.name,
        "tags": [tag.name for tag in story.tags_in_order],
        "sources": [[source.url, source.label] for source in story.sources.all()],
        "byline": story.byline,
        "correction": story.correction,
        "published_at": format_minute(story.published_at),
        "slug": story.slug,
    }


class SnapshotField(models.JSONField):
    """A story's content, as `take_snapshot` gives it now: what was kept before stories had some field says it was empty."""

    def from_db_value(self, value, expression, connection):
        return upgrade_snapshot(super().from_db_value(value, expression, connection))


def upgrade_snapshot(content):
    """The content with what content of earlier times lacks."""
    return {"correction": ""} | content if isinstance(content, dict) else content


def format_minute(moment: datetime | None) -> str:
    """As a form shows it: seconds that nobody typed are no change."""
    return moment.astimezone(UTC).isoformat(timespec="minutes") if moment else ""


def restore_snapshot(story, content: dict) -> None:
    """Saves a story with this content. Tags and regions that have gone since come back; an address stays once public."""
    from .tag import Region

    ours = take_snapshot(story)
    for name in ("headline", "body", "byline", "correction"):
        setattr(story, name, content[name])
    if content["region"] != ours["region"]:
        story.region = Region.objects.ensure([content["region"]])[content["region"]]
    if content["published_at"] != ours["published_at"]:
        story.published_at = datetime.fromisoformat(content["published_at"]) if content["published_at"] else None
        if story.published_at is None and story.live_at:
            story.published_at = timezone.now()  # a published story can't be without
    story.save()
    story.tags.set(content["tags"])
    story.sources.replace(content["sources"])


def is_snapshot(value) -> bool:
    """Whether `take_snapshot` may have given this; a form sends back what anybody may have written."""
    return (
        isinstance(value, dict)
        and all(_is_text(value.get(name)) for name in TEXTS)
        and _is_moment(value["published_at"])
        and all(isinstance(value.get(name), list) and len(value[name]) <= MOST for name in SETS)
        and all(_is_text(tag) for tag in value["tags"])
        and all(isinstance(row, list) and len(row) == 2 and all(map(_is_text, row)) for row in value["sources"])
    )


def _is_text(value) -> bool:
    """What a database can hold."""
    return isinstance(value, str) and not _UNHEARD_OF.search(value)


def _is_moment(text: str) -> bool:
    """Empty, or a moment that has a date by the newsroom's clocks."""
    try:
        return not text or bool(timezone.localtime(datetime.fromisoformat(text)))
    except (ValueError, OverflowError):
        return False


def merge(base: dict, theirs: dict, mine: dict) -> tuple[dict, list[str]]:
    """(content, names of the fields that both changed, and differently): there the content is mine.

    Base is what I had seen. What only one of us changed is taken; tags and sources are merged one by one.
    """
    merged, clashes = {}, []
    for name in TEXTS:
        merged[name] = theirs[name] if mine[name] == base[name] else mine[name]
        if merged[name] != theirs[name] and base[name] != theirs[name]:
            clashes.append(name)
    merged["tags"] = _merge_lists(base["tags"], theirs["tags"], mine["tags"])
    labels, clash = _merge_labels(*(dict(content["sources"]) for content in (base, theirs, mine)))
    merged["sources"] = [[url, labels[url]] for url in _merge_lists(*map(_urls, (base, theirs, mine)))]
    return merged, [*clashes, *(["sources"] if clash else [])]


def _urls(content):
    return [url for url, _label in content["sources"]]


def _merge_lists(base, theirs, mine):
    """In my order, with what they added at the end; without what either of us took away."""
    kept = [value for value in mine if value in theirs or value not in base]
    return list(dict.fromkeys([*kept, *(value for value in theirs if value not in base)]))


def _merge_labels(base, theirs, mine):
    """({address: label}, whether both of us wrote another label to one address, or one took away what one relabelled)."""
    labels, clash = {}, False
    for url in base | theirs | mine:
        was, their, my = base.get(url), theirs.get(url), mine.get(url)
        labels[url] = their if my == was else my
        clash |= len({was, their, my}) == 3
    return labels, clash
