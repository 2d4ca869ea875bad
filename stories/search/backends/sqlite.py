"""Full-text search on SQLite, by the FTS5 table newsdesk_search (search/triggers/sqlite.sql).

Its tokenizer folds case and accents. A row's number is its story's day and key: read backwards, the index gives the
newest stories first.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from stories.listings.story_rows import fetch_rows
from stories.models import Story

from ..filters import HAS_TAG, IS_LISTED, SearchFilters
from ..query import Query

# rowid = (days since 1970 + EARLIER_DAYS) * KEYS + the story's key; drafts have no day.
KEYS = 2**28
EARLIER_DAYS = 100_000
DAY = 24 * 60 * 60  # seconds
MATCHES = f"SELECT rowid %% {KEYS} FROM newsdesk_search WHERE newsdesk_search MATCH %s"  # noqa: S608 (a number)
# Begins the word that stands for a region in the index. No text and no query has this character.
REGION_PREFIX = chr(57344)
# A search for a common word with a tag reads so many of the word's rows at most. Each row is compared with a list of
# the tag's stories; for a tag of very many stories, it is looked up if it has the tag, which takes five times as long.
MAX_ROWS_LISTED, MAX_ROWS_LOOKED_UP = 250_000, 50_000
MAX_LISTED_STORIES = 20_000
ROWS = """
    SELECT rowid AS place FROM newsdesk_search
    WHERE newsdesk_search MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC
"""
# CROSS JOIN makes SQLite read the rows first, in their order.
STORIES = """
    SELECT story.id, headline, live_at, region_id FROM ({rows} LIMIT {max_rows})
    CROSS JOIN stories_story AS story ON story.id = place %% {keys} WHERE {conditions} LIMIT {number}
"""


def filter_stories(queryset: QuerySet[Story], query: Query, *, are_few: bool) -> QuerySet[Story]:
    keys = RawSQL(MATCHES, [to_expression(query)])  # noqa: S611 (a parameter, and made of words only)
    if are_few:
        return queryset.filter(pk__in=keys)
    # An expression in place of the key keeps SQLite from looking up all matches.
    return queryset.alias(key=F("pk") + 0).filter(key__in=keys)


def find_newest(query: Query, filters: SearchFilters, number: int) -> tuple[list[tuple], bool]:
    """Return the newest matches, and if older ones were not searched. One query; with or without a tag, up to three."""
    is_listed = filters.tag is not None and filters.tag_stories <= MAX_LISTED_STORIES
    max_rows = MAX_ROWS_LISTED if is_listed else MAX_ROWS_LOOKED_UP
    tags = filters.tag_conditions(f"place %% {KEYS}", IS_LISTED if is_listed else HAS_TAG)
    conditions, parameters = zip(*filters.place_conditions("story"), *tags, strict=True)
    statement = STORIES.format(
        rows=ROWS, max_rows=max_rows, keys=KEYS, conditions=" AND ".join(conditions), number=number
    )
    match_and_range = _match_and_range(query, filters)
    found = fetch_rows(statement, [*match_and_range, *parameters])
    if len(found) == number or not tags:
        return found, False
    return found, bool(fetch_rows(f"{ROWS} LIMIT 1 OFFSET {max_rows}", match_and_range))


def to_expression(query: Query) -> str:
    """Return the query in FTS5's syntax."""
    *phrases, last = (f'"{" ".join(phrase)}"' for phrase in query.wanted)
    wanted = " AND ".join([*phrases, f"{last}*" if query.is_open else last])
    unwanted = " OR ".join(f'"{" ".join(phrase)}"' for phrase in query.unwanted)
    return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"


def _match_and_range(query: Query, filters: SearchFilters) -> list[Any]:
    """Return the parameters of ROWS: an expression, the first row number, the first one after."""
    expression = to_expression(query)
    if filters.region:
        expression = f'"{REGION_PREFIX}{filters.region.pk}" AND {expression}'
    # The whole last day, and one more: SQLite rounds days before 1970 up, Python down.
    return [expression, _day_start(filters.since), _day_start(filters.until) + 2 * KEYS]


def _day_start(moment: datetime) -> int:
    """Return a row number below those of the moment's day."""
    return (int(moment.timestamp() // DAY) + EARLIER_DAYS) * KEYS
