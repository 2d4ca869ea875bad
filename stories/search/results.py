"""Ranked search results for readers: the newest matches, at most a thousand, best first.

A search for a name of a tag, former names included, finds the tag's stories too. Names are looked up at search time: in
the index, a renamed tag would mean indexing all its stories again.

The databases only collect matches; Python ranks them, so that both give the same order. Each phrase in the headline
counts two points and the tag one; stories with equal points are ordered newest first.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from stories.listings.months import first_of_month, midnight
from stories.listings.story_rows import fetch_rows, from_db_datetime
from stories.models import Tag

from .backends import get_backend
from .filters import HAS_TAG, SearchFilters
from .query import Query

MAX_HITS = 1_000
# Stories with two tags are searched for among so many of one of them.
MAX_TAGGED_STORIES = 50_000
MAX_TAG_CHARS = 100
# Raw SQL: the ORM can't limit the inner query before it asks for the second tag.
TAGGED = """
    SELECT story.id, headline, tagged.live_at, tagged.region_id FROM (
        SELECT content_object_id, live_at, region_id FROM stories_storytag AS tagged WHERE tag_id = %s AND {conditions}
        ORDER BY live_at DESC, content_object_id DESC LIMIT {max_tagged}
    ) AS tagged JOIN stories_story AS story ON story.id = content_object_id
    WHERE {has_tag} ORDER BY tagged.live_at DESC, content_object_id DESC LIMIT {number}
"""
# Raw SQL: for a thousand hits it takes 2 ms on SQLite and 5 ms on PostgreSQL, the ORM 8 and 18 ms. It joins the names
# after counting.
TAGS_OF_HITS = """
    SELECT name, slug, stories FROM (
        SELECT tag_id, count(*) AS stories FROM stories_storytag WHERE content_object_id IN ({keys}) GROUP BY tag_id
    ) AS counted JOIN stories_tag AS tag ON tag.id = tag_id ORDER BY stories DESC, name LIMIT {number}
"""


class Hit(NamedTuple):
    pk: int
    headline: str
    live_at: datetime
    region_id: int


class SearchResults:
    """The hits of a text with these filters. Nine queries at most.

    `ranked` are the hits, best first. `more` tells that there are more than MAX_HITS, and `may_be_missing` that older
    stories were not searched.
    """

    def __init__(self, text: str, filters: SearchFilters) -> None:
        self.query = Query.parse(text)
        self.may_be_missing = False
        tag, without = self._find_tags(text)
        filters = replace(filters, without=without)
        matches = self._find_by_words(filters) if self.query.wanted else []
        tagged = self._find_by_tag(tag, filters) if tag else []
        newest = sorted({hit.pk: hit for hit in (*matches, *tagged)}.values(), key=_date_and_key, reverse=True)
        self.more = len(newest) > MAX_HITS
        self.ranked = self._rank(newest[:MAX_HITS], {hit.pk for hit in tagged})

    def regions(self) -> Counter[int]:
        """Return {region's key: number of hits}."""
        return Counter(hit.region_id for hit in self.ranked)

    def months(self) -> Counter[date]:
        """Return {first day of a month: number of hits}."""
        counts: Counter[date] = Counter()
        start = None
        for moment in sorted((hit.live_at for hit in self.ranked), reverse=True):
            # The time zone is asked only once a month: that takes longer than counting.
            if start is None or moment < start:
                month = first_of_month(moment)
                start = midnight(month)
            counts[month] += 1
        return counts

    def tags(self, number: int) -> list[tuple[str, str, int]]:
        """Return (name, slug, number of hits) of the tags that most hits have. One query."""
        keys = ", ".join(str(hit.pk) for hit in self.ranked) or "NULL"
        return fetch_rows(TAGS_OF_HITS.format(keys=keys, number=number), [])

    def _rank(self, newest: list[Hit], tagged: set[int]) -> list[Hit]:
        points = {hit.pk: 2 * self.query.count_phrases_in(hit.headline) + (hit.pk in tagged) for hit in newest}
        # Sorting keeps the order of equals.
        return sorted(newest, key=lambda hit: points[hit.pk], reverse=True)

    def _find_by_words(self, filters: SearchFilters) -> list[Hit]:
        found, self.may_be_missing = get_backend(connection).find_newest(self.query, filters, MAX_HITS + 1)
        return _to_hits(found)

    def _find_by_tag(self, tag: Tag, filters: SearchFilters) -> list[Hit]:
        """Return the newest stories of the tag that the text names. One query.

        With a tag filter, the stories of the filter's tag are asked for the named one: the number of the former is
        known.
        """
        conditions, values = zip(*filters.place_conditions("tagged"), strict=True)
        has_tag, max_tagged, parameters = "true", MAX_HITS + 1, [tag.pk, *values]
        if filters.tag:
            has_tag, max_tagged = HAS_TAG.format(key="content_object_id"), MAX_TAGGED_STORIES
            parameters = [filters.tag.pk, *values, tag.pk]
        statement = TAGGED.format(
            conditions=" AND ".join(conditions), has_tag=has_tag, max_tagged=max_tagged, number=MAX_HITS + 1
        )
        found = _to_hits(fetch_rows(statement, parameters))
        if filters.tag and len(found) <= MAX_HITS and filters.tag_stories > MAX_TAGGED_STORIES:
            self.may_be_missing = True
        return found

    def _find_tags(self, text: str) -> tuple[Tag | None, tuple[Tag, ...]]:
        """Return the tag that the text names, and the tags named after a minus. Two queries.

        A text with a minus names no tag to look for.
        """
        if not self.query.wanted:
            return None, ()
        if self.query.unwanted:
            named = Tag.objects.named([" ".join(words)[:MAX_TAG_CHARS] for words in self.query.unwanted])
            return None, tuple(named.values())
        name = text.replace("\x00", " ").replace('"', " ").encode(errors="ignore").decode()
        name = " ".join(name.split())[:MAX_TAG_CHARS]
        return Tag.objects.named([name]).get(name), ()


def _to_hits(rows: Iterable[tuple]) -> list[Hit]:
    return [Hit(pk, headline, from_db_datetime(live_at), region) for pk, headline, live_at, region in rows]


def _date_and_key(hit: Hit) -> tuple[datetime, int]:
    return hit.live_at, hit.pk
