"""Stories as lists show them, read by SQL written by hand: composing it takes the ORM longer than all the rest of a page.

What else there is to a story, its own page and the admin ask the models for.
"""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import connection

from stories.models import Source
from stories.paths import site_path

STORIES = """
    SELECT story.id, story.slug, headline, body, byline, correction, published_at, updated_at, region.name, region.slug, region.id
    FROM stories_story AS story JOIN stories_region AS region ON region.id = region_id
    WHERE story.id IN ({keys}) ORDER BY live_at DESC, story.id DESC
"""
# One statement, because to ask costs as much as to answer.
TAGS_AND_SOURCES = """
    SELECT content_object_id, 'tag' AS kind, name, slug, install_triggers.id AS place, 0 AS pk
    FROM stories_storytag AS install_triggers JOIN stories_tag AS tag ON tag.id = tag_id WHERE content_object_id IN ({keys})
    UNION ALL
    SELECT story_id, 'source', label, url, position, id FROM stories_source WHERE story_id IN ({keys})
    ORDER BY place, pk
"""


class ListedTerm(NamedTuple):
    name: str
    slug: str


class ListedRegion(NamedTuple):
    name: str
    slug: str
    pk: int

    def get_absolute_url(self):
        return site_path("region", self.slug)


class ListedStory(NamedTuple):
    """What a list shows of a story, named as in the model, whose instances take five times as long to make."""

    pk: int
    slug: str
    headline: str
    body: str
    byline: str
    correction: str
    published_at: datetime
    updated_at: datetime | None  # None of a preview
    region: ListedRegion
    tags_in_order: list[ListedTerm]
    sources_in_order: list[Source]


def fetch_stories(keys: str, parameters: list) -> list[ListedStory]:
    """The stories of these keys, an SQL query, newest first. Two queries."""
    rows = fetch_rows(STORIES.format(keys=keys), parameters)
    tags, sources = _tags_and_sources([pk for pk, *_ in rows])
    return [
        ListedStory(
            pk, *texts, from_db_datetime(live), from_db_datetime(changed), ListedRegion(*region), tags[pk], sources[pk]
        )
        for pk, *texts, live, changed, region in ((*row[:8], row[8:]) for row in rows)
    ]


def _tags_and_sources(keys):
    """{story's key: its tags} and {story's key: its sources}."""
    tags, sources = defaultdict(list), defaultdict(list)
    if keys:
        statement = TAGS_AND_SOURCES.format(keys=", ".join(["%s"] * len(keys)))
        for story, kind, name, address, *_ in fetch_rows(statement, keys * 2):
            if kind == "tag":
                tags[story].append(ListedTerm(name, address))
            else:
                sources[story].append(Source(url=address, label=name))
    return tags, sources


def fetch_rows(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def to_db_value(moment: datetime | date):
    """A moment or day as the database's driver takes it."""
    is_day = not isinstance(moment, datetime)
    return (connection.ops.adapt_datefield_value if is_day else connection.ops.adapt_datetimefield_value)(moment)


def from_db_datetime(moment: datetime) -> datetime:
    """A moment that the driver gave; SQLite's says no time zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
