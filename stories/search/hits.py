"""What readers find: the newest stories that the words find, a thousand at most, the best first.

Tags are asked for when somebody searches: were their names in the index, to rename one would rewrite the index of all
its stories. So a search that is the name of a tag, any name it bears or bore, finds the tag's stories as well.

Both databases only gather; Python ranks, so that both find the same in the same order. Two points for each word or
phrase that stands in the headline, one for the tag; of equal points, the newest first.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from stories.models import FIRST_MOMENT, Region, StoryTag, Tag
from stories.months import following_month, midnight, month_of
from stories.reading import as_read, as_stored, rows_of

from . import vendors
from .query import Query

MOST = 1_000
TAGGED = """
    SELECT story.id, headline, story.live_at, story.region_id FROM stories_story AS story
    JOIN stories_storytag AS put_on ON put_on.content_object_id = story.id AND put_on.tag_id = %s
    WHERE {limits} ORDER BY put_on.live_at DESC, content_object_id DESC LIMIT {most}
"""


class Hit(NamedTuple):
    pk: int
    headline: str
    live_at: datetime
    region: int


@dataclass(frozen=True)
class Limits:
    """What a reader may narrow a search by; a month is given by its first day."""

    region: Region | None = None
    tag: Tag | None = None
    month: date | None = None

    @property
    def since(self) -> datetime:
        return midnight(self.month) if self.month else FIRST_MOMENT

    @property
    def until(self) -> datetime:
        """The first moment after: never one that readers can't see yet."""
        now = timezone.now() + datetime.resolution
        return min(now, midnight(following_month(self.month))) if self.month else now

    def conditions(self, table: str) -> dict:
        """{condition: parameter}, the dates by the column of this table."""
        found = {f"{table}.live_at >= %s": as_stored(self.since), f"{table}.live_at < %s": as_stored(self.until)}
        if self.region:
            found[f"{table}.region_id = %s"] = self.region.pk
        if self.tag:
            found["story.id IN (SELECT content_object_id FROM stories_storytag WHERE tag_id = %s)"] = self.tag.pk
        return found


class Hits:
    """What a text finds within the limits: `ranked`, and whether there are `more`. Four queries."""

    def __init__(self, text: str, limits: Limits):
        self.query = Query.of(text)
        found = self._by_words(limits) if self.query.wanted else []
        tag = self._tag(text)
        tagged = self._by_tag(tag, limits) if tag else []
        named = {hit.pk for hit in tagged}
        newest = sorted({hit.pk: hit for hit in (*found, *tagged)}.values(), key=_newness, reverse=True)
        self.more = len(newest) > MOST
        points = {hit.pk: 2 * self.query.number_in(hit.headline) + (hit.pk in named) for hit in newest[:MOST]}
        # Sorting keeps the order of equals.
        self.ranked = sorted(newest[:MOST], key=lambda hit: points[hit.pk], reverse=True)

    def regions(self) -> Counter:
        """{region's key: how many of the hits}."""
        return Counter(hit.region for hit in self.ranked)

    def months(self) -> Counter:
        """{first day: how many of the hits}."""
        return Counter(month_of(hit.live_at) for hit in self.ranked)

    def tags(self, number: int):
        """(name, slug, how many of the hits) of the tags that most of them have. One query."""
        put_on = StoryTag.objects.filter(content_object__in=[hit.pk for hit in self.ranked]).order_by()
        counted = put_on.values_list("tag__name", "tag__slug").annotate(stories=Count("pk"))
        return counted.order_by("-stories", "tag__name")[:number]

    def _by_words(self, limits):
        conditions = limits.conditions("story")
        vendor = vendors.of(connection)
        statement, first = vendor.newest(self.query, limits, " AND ".join(conditions), MOST + 1)
        return _hits(statement, [*first, *conditions.values()])

    def _by_tag(self, tag, limits):
        conditions = limits.conditions("put_on")
        statement = TAGGED.format(limits=" AND ".join(conditions), most=MOST + 1)
        return _hits(statement, [tag.pk, *conditions.values()])

    def _tag(self, text):
        """The tag that the text names. With a minus it can't name one, and is about words alone."""
        if not self.query.wanted or self.query.unwanted:
            return None
        name = " ".join(text.replace("\x00", " ").replace('"', " ").encode(errors="ignore").decode().split())
        return Tag.objects.named([name[:100]]).get(name[:100])


def _hits(statement, parameters):
    return [Hit(pk, headline, as_read(at), region) for pk, headline, at, region in rows_of(statement, parameters)]


def _newness(hit):
    return hit.live_at, hit.pk
