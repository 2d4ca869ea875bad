"""Related stories, and a story's neighbours under its first tag.

Two stories are closer the rarer the tags they share. Only the newest stories of a story's rarest tags are compared, read
from one index, so the cost is the same however many stories a tag has.
"""

from collections import defaultdict
from datetime import datetime
from math import log2
from typing import NamedTuple

from django.utils import timezone

from stories.models import Story, Tag, TagCount
from stories.paths import site_path

from .story_rows import ListedRegion, fetch_rows, from_db_datetime, placeholders, to_db_value

MAX_TAGS, MAX_STORIES_PER_TAG = 5, 40
MAX_CLOSE_STORIES = 4
YEAR = 365.25  # days

# Raw SQL: the three statements take 0.3 ms on SQLite and 1.6 ms on PostgreSQL, the ORM 4.4 and 7.1 ms. Django can't
# limit the parts of a union on SQLite.
NEWEST_OF_TAG = f"""
    SELECT * FROM (
        SELECT tag_id, content_object_id, live_at FROM stories_storytag WHERE tag_id = %s AND live_at < %s
        ORDER BY live_at DESC, content_object_id DESC LIMIT {MAX_STORIES_PER_TAG}
    ) AS newest
"""  # noqa: S608 (a number)
# `live_at` is also compared alone: SQLite can't use the index for the pair.
NEIGHBOURS = """
    SELECT 'earlier', content_object_id FROM (
        SELECT content_object_id FROM stories_storytag WHERE tag_id = %s AND live_at < %s
        AND live_at <= %s AND (live_at, content_object_id) < (%s, %s)
        ORDER BY live_at DESC, content_object_id DESC LIMIT 1
    ) AS earlier
    UNION ALL
    SELECT 'later', content_object_id FROM (
        SELECT content_object_id FROM stories_storytag WHERE tag_id = %s AND live_at < %s
        AND live_at >= %s AND (live_at, content_object_id) > (%s, %s)
        ORDER BY live_at, content_object_id LIMIT 1
    ) AS later
"""
HEADLINES = """
    SELECT story.id, headline, story.slug, live_at, region.name, region.slug, region.id
    FROM stories_story AS story JOIN stories_region AS region ON region.id = region_id WHERE story.id IN ({keys})
"""


class Headline(NamedTuple):
    slug: str
    headline: str
    live_at: datetime
    region: ListedRegion

    def get_absolute_url(self) -> str:
        return site_path("story", self.slug)


class Related:
    """Stories to read after a live story. Four queries at most.

    `close` are the related ones, the closest first. `earlier` and `later` are the neighbours under `tag`, its first tag.
    """

    def __init__(self, story: Story) -> None:
        self.tag: Tag | None = next(iter(story.tags_in_order), None)
        self.close: list[Headline] = []
        self.earlier: Headline | None = None
        self.later: Headline | None = None
        if self.tag is None:
            return
        close = find_close(story)
        earlier, later = find_neighbours(story, self.tag)
        headlines = fetch_headlines([*close, *(pk for pk in (earlier, later) if pk)])
        self.close = [headlines[pk] for pk in close if pk in headlines]
        self.earlier = headlines.get(earlier) if earlier else None
        self.later = headlines.get(later) if later else None


def find_close(story: Story) -> list[int]:
    """Return keys of the closest stories. Two queries.

    Closeness is the sum over shared tags of 1 / log2(2 + stories of the tag), halved for each year of age.
    """
    uses = dict(TagCount.objects.filter(tag__in=story.tags_in_order).values_list("tag", "stories"))
    rarest = sorted((tag.pk for tag in story.tags_in_order), key=lambda pk: uses.get(pk, 0))[:MAX_TAGS]
    now = timezone.now()
    end = to_db_value(now + datetime.resolution)
    rows = fetch_rows(
        " UNION ALL ".join([NEWEST_OF_TAG] * len(rarest)), [value for pk in rarest for value in (pk, end)]
    )
    closeness: dict[int, float] = defaultdict(float)
    for tag, pk, live_at in rows:
        years = (now - from_db_datetime(live_at)).total_seconds() / 86_400 / YEAR
        closeness[pk] += 0.5**years / log2(2 + uses.get(tag, 0))
    closeness.pop(story.pk, None)
    return sorted(closeness, key=lambda pk: (-closeness[pk], -pk))[:MAX_CLOSE_STORIES]


def find_neighbours(story: Story, tag: Tag) -> tuple[int | None, int | None]:
    """Return keys of the stories just before and just after this one under the tag. One query."""
    at, end = to_db_value(story.live_at), to_db_value(timezone.now() + datetime.resolution)
    keys = dict(fetch_rows(NEIGHBOURS, [tag.pk, end, at, at, story.pk] * 2))
    return keys.get("earlier"), keys.get("later")


def fetch_headlines(keys: list[int]) -> dict[int, Headline]:
    """Return {key: headline}. One query, none without keys."""
    if not keys:
        return {}
    rows = fetch_rows(HEADLINES.format(keys=placeholders(keys)), keys)
    return {
        pk: Headline(slug, headline, from_db_datetime(live_at), ListedRegion(*region))
        for pk, headline, slug, live_at, *region in rows
    }
