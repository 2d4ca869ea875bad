"""Stories as lists show them, read by SQL written by hand: composing it takes the ORM longer than all the rest of a page."""

from collections import defaultdict
from datetime import date, datetime

from django.db import connection

from .models import Region, Source, Story, Tag

STORIES = """
    SELECT story.id, story.slug, headline, body, byline, published_at, region_id,
        region.name AS region_name, region.slug AS region_slug
    FROM stories_story AS story JOIN stories_region AS region ON region.id = region_id
    WHERE story.id IN ({keys}) ORDER BY live_at DESC, story.id DESC
"""
TAGS = """
    SELECT tag.id, name, slug, content_object_id AS story_id
    FROM stories_storytag AS put_on JOIN stories_tag AS tag ON tag.id = tag_id
    WHERE content_object_id IN ({keys}) ORDER BY put_on.id
"""
SOURCES = "SELECT id, story_id, url, label FROM stories_source WHERE story_id IN ({keys}) ORDER BY position, id"


def read_stories(keys: str, parameters: list) -> list[Story]:
    """The stories of these keys, an SQL query, newest first, with all that a page shows of them. Three queries.

    They have no other field than what is shown: asking one for another is a query more.
    """
    stories = list(Story.objects.raw(STORIES.format(keys=keys), parameters))
    tags, sources = (_by_story(model, statement, stories) for model, statement in ((Tag, TAGS), (Source, SOURCES)))
    for story in stories:
        story.region = Region(pk=story.region_id, name=story.region_name, slug=story.region_slug)
        story.know(tags=tags[story.pk], sources=sources[story.pk])
    return stories


def _by_story(model, statement, stories):
    """{story's key: rows of the model}."""
    found = defaultdict(list)
    if stories:
        places = ", ".join(["%s"] * len(stories))
        for row in model.objects.raw(statement.format(keys=places), [story.pk for story in stories]):
            found[row.story_id].append(row)
    return found


def rows_of(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def as_stored(moment: datetime | date):
    """A moment or day as the database's driver takes it."""
    is_day = not isinstance(moment, datetime)
    return (connection.ops.adapt_datefield_value if is_day else connection.ops.adapt_datetimefield_value)(moment)
