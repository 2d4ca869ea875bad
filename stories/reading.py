"""Stories as lists show them, read by SQL written by hand: composing it takes the ORM longer than all the rest of a page.

What else there is to a story, its own page and the admin ask the models for.
"""

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db import connection

from .models import Source

STORIES = """
    SELECT story.id, story.slug, headline, body, byline, published_at, updated_at, region.name, region.slug
    FROM stories_story AS story JOIN stories_region AS region ON region.id = region_id
    WHERE story.id IN ({keys}) ORDER BY live_at DESC, story.id DESC
"""
TAGS = """
    SELECT content_object_id, name, slug FROM stories_storytag AS put_on JOIN stories_tag AS tag ON tag.id = tag_id
    WHERE content_object_id IN ({keys}) ORDER BY put_on.id
"""
SOURCES = "SELECT story_id, url, label FROM stories_source WHERE story_id IN ({keys}) ORDER BY position, id"


class ListedTerm(NamedTuple):
    name: str
    slug: str


class ListedStory(NamedTuple):
    """What a list shows of a story, named as in the model, whose instances take five times as long to make."""

    pk: int
    slug: str
    headline: str
    body: str
    byline: str
    published_at: datetime
    updated_at: datetime | None  # None of a preview
    region: ListedTerm
    tags_in_order: list[ListedTerm]
    sources_in_order: list[Source]


def read_stories(keys: str, parameters: list) -> list[ListedStory]:
    """The stories of these keys, an SQL query, newest first. Three queries."""
    rows = rows_of(STORIES.format(keys=keys), parameters)
    found = [pk for pk, *_ in rows]
    tags, sources = _by_story(TAGS, found), _by_story(SOURCES, found)
    return [
        ListedStory(
            pk,
            *texts,
            as_read(published_at),
            as_read(updated_at),
            ListedTerm(region, region_slug),
            [ListedTerm(*tag) for tag in tags[pk]],
            [Source(url=url, label=label) for url, label in sources[pk]],
        )
        for pk, *texts, published_at, updated_at, region, region_slug in rows
    ]


def _by_story(statement, keys):
    """{story's key: its rows, without the key}."""
    found = defaultdict(list)
    if keys:
        for key, *row in rows_of(statement.format(keys=", ".join(["%s"] * len(keys))), keys):
            found[key].append(row)
    return found


def rows_of(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def as_stored(moment: datetime | date):
    """A moment or day as the database's driver takes it."""
    is_day = not isinstance(moment, datetime)
    return (connection.ops.adapt_datefield_value if is_day else connection.ops.adapt_datetimefield_value)(moment)


def as_read(moment: datetime) -> datetime:
    """A moment that the driver gave; SQLite's says no time zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
