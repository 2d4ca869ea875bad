"""Stories as lists show them, read by hand-written SQL.

Composing these queries takes the ORM longer than all other work for a list page, and model instances take five times
as long to make as these rows. A story's own page and the admin use the models.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db import connection

from stories.fields import Kind, columns
from stories.models import Source
from stories.paths import site_path

_LISTED = [field for field in columns() if field.in_lists and field.kind is not Kind.REGION]
_NAMES = ["pk", *(field.name for field in _LISTED), "updated_at"]
_DATES = ["updated_at", *(field.name for field in _LISTED if field.kind is Kind.DATE)]
STORIES = f"""
    SELECT story.id, {", ".join(f"story.{field.name}" for field in _LISTED)}, story.updated_at,
        region.name, region.slug, region.id
    FROM stories_story AS story JOIN stories_region AS region ON region.id = region_id
    WHERE story.id IN ({{keys}}) ORDER BY live_at DESC, story.id DESC
"""  # noqa: S608 (column names from our own table)
# One statement for both: a round trip costs as much as the query.
TAGS_AND_SOURCES = """
    SELECT content_object_id, 'tag' AS kind, name, slug, story_tag.id AS place, 0 AS pk
    FROM stories_storytag AS story_tag JOIN stories_tag AS tag ON tag.id = tag_id WHERE content_object_id IN ({keys})
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

    def get_absolute_url(self) -> str:
        return site_path("region", self.slug)


class ListedStory(SimpleNamespace):
    """A story with the attributes of the model that lists need.

    These are `pk`, `updated_at`, `region`, `tags_in_order`, `sources_in_order` and the columns of stories/fields.py
    that are `in_lists`.
    """


def fetch_stories(keys: str, parameters: list) -> list[ListedStory]:
    """Return the stories whose keys this SQL query selects, newest first. Two queries."""
    rows = fetch_rows(STORIES.format(keys=keys), parameters)
    tags, sources = _fetch_tags_and_sources([pk for pk, *_ in rows])
    return [_listed_story(row, tags, sources) for row in rows]


def _listed_story(row: tuple, tags: dict[int, list], sources: dict[int, list]) -> ListedStory:
    story = ListedStory(**dict(zip(_NAMES, row, strict=False)))
    for name in _DATES:
        setattr(story, name, from_db_datetime(getattr(story, name)))
    story.region = ListedRegion(*row[len(_NAMES) :])
    story.tags_in_order, story.sources_in_order = tags[story.pk], sources[story.pk]
    return story


def _fetch_tags_and_sources(keys: list[int]) -> tuple[dict[int, list[ListedTerm]], dict[int, list[Source]]]:
    """Return {story's key: its tags} and {story's key: its sources}. One query."""
    tags: dict[int, list[ListedTerm]] = defaultdict(list)
    sources: dict[int, list[Source]] = defaultdict(list)
    if keys:
        statement = TAGS_AND_SOURCES.format(keys=placeholders(keys))
        for story, kind, name, slug_or_url, *_ in fetch_rows(statement, keys * 2):
            if kind == "tag":
                tags[story].append(ListedTerm(name, slug_or_url))
            else:
                sources[story].append(Source(url=slug_or_url, label=name))
    return tags, sources


def placeholders(values: Iterable) -> str:
    return ", ".join("%s" for _ in values)


def fetch_rows(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def to_db_value(moment: datetime | date) -> Any:
    """Convert a moment or day to the database driver's type."""
    if isinstance(moment, datetime):
        return connection.ops.adapt_datetimefield_value(moment)
    return connection.ops.adapt_datefield_value(moment)


def from_db_datetime(moment: datetime) -> datetime:
    """Make the driver's moment aware: SQLite stores UTC without saying so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
