"""What readers find: the newest stories that the words find, a thousand at most, the best first.

Tags are asked for when somebody searches: were their names in the index, to rename one would rewrite the index of all
its stories. So a search that is the name of a tag, any name it bears or bore, finds the tag's stories as well.

Both databases only gather; Python ranks, so that both find the same in the same order. Two points for each word or
phrase that stands in the headline, one for the tag; of equal points, the newest first.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from stories.listings.months import first_of_month, midnight
from stories.listings.story_rows import fetch_rows, from_db_datetime
from stories.models import Tag

from . import backends
from .filters import HAS_TAG, SearchFilters
from .query import Query

MOST = 1_000
# Stories that have two tags are looked for among so many of the one.
MOST_TAGGED = 50_000
TAGGED = """
    SELECT story.id, headline, install_triggers.live_at, install_triggers.region_id FROM (
        SELECT content_object_id, live_at, region_id FROM stories_storytag AS install_triggers WHERE tag_id = %s AND {limits}
        ORDER BY live_at DESC, content_object_id DESC LIMIT {walked}
    ) AS install_triggers JOIN stories_story AS story ON story.id = content_object_id
    WHERE {has} ORDER BY install_triggers.live_at DESC, content_object_id DESC LIMIT {most}
"""
# Names are looked up of the tags, not of each story that has one.
TAGS_OF_HITS = """
    SELECT name, slug, stories FROM (
        SELECT tag_id, count(*) AS stories FROM stories_storytag WHERE content_object_id IN ({keys}) GROUP BY tag_id
    ) AS counted JOIN stories_tag AS tag ON tag.id = tag_id ORDER BY stories DESC, name LIMIT {number}
"""


class Hit(NamedTuple):
    pk: int
    headline: str
    live_at: datetime
    region: int


class Hits:
    """What a text finds within the limits: `ranked`, whether there are `more`, and whether older ones `may_be_missing`
    because they were not looked at. Nine queries at most.
    """

    def __init__(self, text: str, limits: SearchFilters):
        self.query = Query.of(text)
        self.may_be_missing = False
        tag, unwanted = self._tags(text)
        limits = replace(limits, without=unwanted)
        found = self._by_words(limits) if self.query.wanted else []
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
        counted, start = Counter(), None
        for moment in sorted((hit.live_at for hit in self.ranked), reverse=True):
            # The calendar is asked once for a month: it takes its time.
            if start is None or moment < start:
                month = first_of_month(moment)
                start = midnight(month)
            counted[month] += 1
        return counted

    def tags(self, number: int) -> list[tuple]:
        """(name, slug, how many of the hits) of the tags that most of them have. One query; the ORM takes twice as long."""
        keys = ", ".join(str(hit.pk) for hit in self.ranked) or "NULL"
        return fetch_rows(TAGS_OF_HITS.format(keys=keys, number=number), [])

    def _by_words(self, limits):
        found, self.may_be_missing = backends.of(connection).newest(self.query, limits, MOST + 1)
        return _hits(found)

    def _by_tag(self, tag, limits):
        """Of two tags, the one that narrows it leads: how many stories that has is known."""
        places = limits.places("install_triggers")
        has, walked, parameters = "true", MOST + 1, [tag.pk, *(value for _, value in places)]
        if limits.tag:
            has, walked = HAS_TAG.format(key="content_object_id"), MOST_TAGGED
            parameters = [limits.tag.pk, *parameters[1:], tag.pk]
        conditions = " AND ".join(condition for condition, _ in places)
        found = _hits(fetch_rows(TAGGED.format(limits=conditions, has=has, walked=walked, most=MOST + 1), parameters))
        self.may_be_missing |= bool(limits.tag) and len(found) <= MOST and limits.tag_stories > MOST_TAGGED
        return found

    def _tags(self, text):
        """The tag that the text names, and those that have the name of a phrase after a minus. Two queries.

        With a minus it can't name one, and is about words alone.
        """
        if not self.query.wanted:
            return None, ()
        if self.query.unwanted:
            named = Tag.objects.named([" ".join(words)[:100] for words in self.query.unwanted])
            return None, tuple(named.values())
        name = " ".join(text.replace("\x00", " ").replace('"', " ").encode(errors="ignore").decode().split())[:100]
        return Tag.objects.named([name]).get(name), ()


def _hits(rows):
    return [Hit(pk, headline, from_db_datetime(at), region) for pk, headline, at, region in rows]


def _newness(hit):
    return hit.live_at, hit.pk
