"""Full-text search on PostgreSQL, by the table newsdesk_search (search/triggers/postgresql.sql).

Expressions are written into the statements. As parameters they would be unknown to the planner: after some searches on
a connection it makes one plan for all that follow, which is ten times as slow for most.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from psycopg.errors import QueryCanceled

from stories.listings.listing import Listing
from stories.listings.story_rows import fetch_rows, to_db_value
from stories.models import Story
from stories.text.words import split_words, without_accents

from ..filters import SearchFilters
from ..query import Query

MATCHES = "SELECT story_id FROM newsdesk_search AS found WHERE found.search @@ to_tsquery('simple', %s)"
# Few matches are all found before any story is read: as an array, the planner can't do otherwise. With many, stories
# are read in the list's order, and each is looked up in the index, until a page is full.
IS_ONE_OF_FEW = f"stories_story.id = ANY (ARRAY({MATCHES}))"
IS_MATCH = f"EXISTS ({MATCHES} AND story_id = stories_story.id)"

# So many stories, the newest, are searched first. For a common word they hold all that is wanted, and older stories are
# not searched; for a rare word they hold too few, and searching them first costs little.
NEWEST_STORIES = 30_000
# The outer LIMIT stops after the first part if that has enough. `+ interval '0'` keeps the planner off the date index
# in the second part, which is slow when matches are rare.
NEW_THEN_OLD = """
    SELECT story.id, headline, story.live_at, story.region_id FROM (
        SELECT story_id FROM (
            (
                SELECT story_id FROM newsdesk_search AS found
                WHERE found.search @@ {words} AND {conditions} AND found.live_at >= {start}
                ORDER BY found.live_at DESC, story_id DESC LIMIT {number}
            ) UNION ALL (
                SELECT story_id FROM newsdesk_search AS found
                WHERE found.search @@ {words} AND {conditions} AND found.live_at < {start}
                ORDER BY found.live_at + interval '0' DESC, story_id DESC LIMIT {number}
            )
        ) AS parts LIMIT {number}
    ) AS found JOIN stories_story AS story ON story.id = story_id
"""
# The function behind @@, which no index knows: the new stories are read one by one.
NEW_ONE_BY_ONE = """
    SELECT story.id, headline, story.live_at, story.region_id FROM (
        SELECT story_id FROM newsdesk_search AS found
        WHERE ts_match_vq(found.search, {words}) AND {conditions} AND found.live_at >= {start}
        ORDER BY found.live_at DESC, story_id DESC LIMIT {number}
    ) AS found JOIN stories_story AS story ON story.id = story_id
"""
# The index does not know if words are next to each other, or if one is missing: each text that has the words is read.
# For words of nearly all stories that would take seconds, so it stops after this time.
STATEMENT_TIMEOUT_MS = 1_000


def filter_stories(queryset: QuerySet[Story], query: Query, *, are_few: bool) -> QuerySet[Story]:
    condition = _compose(IS_ONE_OF_FEW if are_few else IS_MATCH, [to_expression(query)], queryset.db)
    return queryset.filter(RawSQL(condition, [], output_field=BooleanField()))  # noqa: S611 (made of words only)


def find_newest(query: Query, filters: SearchFilters, number: int) -> tuple[list[tuple], bool]:
    """Return the newest matches, and if older ones were not searched. Two to four queries."""
    parts = _sql_parts(query, filters) | {"number": number}
    if not _reads_texts(query):
        return fetch_rows(NEW_THEN_OLD.format(**parts), []), False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}")
            return fetch_rows(NEW_THEN_OLD.format(**parts), []), False
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return fetch_rows(NEW_ONE_BY_ONE.format(**parts), []), True


def to_expression(query: Query) -> str:
    """Return the query for to_tsquery()."""
    wanted = [_phrase(words) for words in query.wanted]
    if query.is_open:
        wanted[-1] += ":*"
    return " & ".join([*wanted, *(f"!({_phrase(words)})" for words in query.unwanted)])


def _phrase(words: Sequence[str]) -> str:
    # Without its accents, a letter may be several, with signs between them.
    parts = [part for word in words for part in split_words(without_accents(word))]
    return " <-> ".join(f"'{part}'" for part in parts) or "''"


def _reads_texts(query: Query) -> bool:
    expression = to_expression(query)
    return "<->" in expression or "!" in expression


def _sql_parts(query: Query, filters: SearchFilters) -> dict[str, Any]:
    """Return the literal SQL that completes a statement. One query."""
    start, end = _newest_range(filters)
    conditions, parameters = zip(
        *filters.place_conditions("found", until=end), *filters.tag_conditions("story_id"), strict=True
    )
    return {
        "words": _compose("to_tsquery('simple', %s)", [to_expression(query)]),
        "conditions": _compose(" AND ".join(conditions), parameters),
        "start": _compose("%s", [to_db_value(start)]),
    }


def _compose(statement: str, parameters: Sequence[Any], using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the SQL with its parameters quoted in it. A percent sign in one would be taken for a parameter."""
    operations = connections[using].ops
    return operations.compose_sql(statement, parameters)  # type: ignore[attr-defined]  # only PostgreSQL's have it


def _newest_range(filters: SearchFilters) -> tuple[datetime, datetime]:
    """Return the start of the month with the last of the NEWEST_STORIES, and the end of the newest month. One query.

    After that end there is nothing to read.
    """
    months = Listing(tag=filters.tag, region=filters.region, since=filters.since, until=filters.until).months
    if not months:
        return filters.until, filters.until
    stories = 0
    for month in months:
        stories += month.stories
        if stories >= NEWEST_STORIES:
            break
    return month.start, min(months[0].end, filters.until)
