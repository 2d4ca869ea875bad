"""What to read after a story: those that are close to it, and its neighbours under its first tag.

Closeness is of tags: the rarer a shared one, the more it says. Only the newest stories of its rarest tags are looked
at, read from one index, so that it costs the same however many stories a tag has.
"""

from collections import defaultdict
from datetime import datetime
from math import log2
from typing import NamedTuple

from django.utils import timezone

from stories.models import Story, Tag, TagCount
from stories.paths import site_path

from .story_rows import ListedRegion, fetch_rows, from_db_datetime, to_db_value

MOST_TAGS, NEWEST = 5, 40
SHOWN = 4
YEAR = 365.25  # days

NEWEST_UNDER_TAG = f"""
    SELECT * FROM (
        SELECT tag_id, content_object_id, live_at FROM stories_storytag WHERE tag_id = %s AND live_at < %s
        ORDER BY live_at DESC, content_object_id DESC LIMIT {NEWEST}
    ) AS newest
"""  # noqa: S608 (a number)
# The dates are compared for themselves too, or SQLite would not find its way by the index.
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
    FROM stories_story AS story JOIN stories_region AS region ON region.id = region_id WHERE story.id IN ({})
"""


class Headline(NamedTuple):
    slug: str
    headline: str
    live_at: datetime
    region: ListedRegion

    def get_absolute_url(self):
        return site_path("story", self.slug)


class Related:
    """Of a story that readers see: `close` ones, the closest first; `earlier` and `later` of `tag`. Four queries at most."""

    def __init__(self, story: Story):
        self.tag = next(iter(story.tags_in_order), None)
        self.close, self.earlier, self.later = [], None, None
        if self.tag is None:
            return
        close = closest(story)
        earlier, later = neighbours(story, self.tag)
        found = fetch_headlines([*close, earlier, later])
        self.close = [found[pk] for pk in close if pk in found]
        self.earlier, self.later = found.get(earlier), found.get(later)


def closest(story: Story) -> list[int]:
    """Keys of the closest stories: the sum of what the shared tags say, halved for each year since. Two queries."""
    uses = dict(TagCount.objects.filter(tag__in=story.tags_in_order).values_list("tag", "stories"))
    rarest = sorted((tag.pk for tag in story.tags_in_order), key=lambda pk: uses.get(pk, 0))[:MOST_TAGS]
    now = timezone.now()
    statement = " UNION ALL ".join([NEWEST_UNDER_TAG] * len(rarest))
    before = to_db_value(now + datetime.resolution)
    closeness = defaultdict(float)
    parameters = [value for pk in rarest for value in (pk, before)]
    for tag, pk, live_at in fetch_rows(statement, parameters):
        years = (now - from_db_datetime(live_at)).total_seconds() / 86_400 / YEAR
        closeness[pk] += 0.5**years / log2(2 + uses.get(tag, 0))
    closeness.pop(story.pk, None)
    return sorted(closeness, key=lambda pk: (-closeness[pk], -pk))[:SHOWN]


def neighbours(story: Story, tag: Tag) -> tuple[int | None, int | None]:
    """Keys of the stories just before and just after this one under the tag. One query."""
    at, before = to_db_value(story.live_at), to_db_value(timezone.now() + datetime.resolution)
    keys = dict(fetch_rows(NEIGHBOURS, [tag.pk, before, at, at, story.pk] * 2))
    return keys.get("earlier"), keys.get("later")


def fetch_headlines(keys: list) -> dict[int, Headline]:
    """{key: headline} of these stories. One query, none without any."""
    keys = list({pk for pk in keys if pk})
    if not keys:
        return {}
    rows = fetch_rows(HEADLINES.format(", ".join(["%s"] * len(keys))), keys)
    return {
        pk: Headline(slug, headline, from_db_datetime(live_at), ListedRegion(*region))
        for pk, headline, slug, live_at, *region in rows
    }
