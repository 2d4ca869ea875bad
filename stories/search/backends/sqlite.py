"""Search by the FTS5 table newsdesk_search, see stories/triggers/sqlite_search.sql; its tokenizer folds case and accents."""

from django.db.models import F
from django.db.models.expressions import RawSQL

from stories.listings.story_rows import fetch_rows
from stories.search.filters import HAS_TAG, IS_TAGGED

# A row's place in the index is its day, then the story's key: read backwards, the index gives the newest first.
KEY = 2**28
FOUND = f"SELECT rowid %% {KEY} FROM newsdesk_search WHERE newsdesk_search MATCH %s"  # noqa: S608 (a number)
# The days before 1970 that the index counts from.
EARLIER_DAYS = 100_000
DAY = 24 * 60 * 60
# Begins the word that stands for a region in the index: of a kind that no text has, and no query.
REGION = chr(57344)
# Of a common word, a tag's stories are looked for among so many: in the time that a search may take, each is held against a
# list of the tag's stories or, where that list would be long, asked for the tag.
MOST_HELD, MOST_ASKED = 250_000, 50_000
LONG_LIST = 20_000
WALK = """
    SELECT rowid AS place FROM newsdesk_search
    WHERE newsdesk_search MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC
"""
STORIES = """
    SELECT story.id, headline, live_at, region_id FROM ({walk} LIMIT {walked})
    CROSS JOIN stories_story AS story ON story.id = place %% {key} WHERE {limits} LIMIT {most}
"""


def matching(queryset, query, *, are_few):
    found = RawSQL(FOUND, [expression(query)])  # noqa: S611 (a parameter, and made of words only)
    if are_few:
        return queryset.filter(pk__in=found)
    # An expression in place of the key keeps SQLite from looking up all that is found.
    return queryset.alias(found_key=F("pk") + 0).filter(found_key__in=found)


def newest(query, limits, most: int) -> tuple[list[tuple], bool]:
    """The rows found, and whether older ones were not looked at. One query; with a tag, or without one, two."""
    is_asked = _is_asked(limits)
    tags = limits.tags(f"place %% {KEY}", HAS_TAG if is_asked else IS_TAGGED)
    conditions, parameters = zip(*limits.places("story"), *tags, strict=True)
    walked, span = _most_walked(limits), _range(query, limits)
    statement = STORIES.format(walk=WALK, walked=walked, key=KEY, limits=" AND ".join(conditions), most=most)
    found = fetch_rows(statement, [*span, *parameters])
    if len(found) == most or not tags:
        return found, False
    return found, bool(fetch_rows(f"{WALK} LIMIT 1 OFFSET {walked}", span))


def expression(query) -> str:
    *phrases, last = (f'"{" ".join(phrase)}"' for phrase in query.wanted)
    wanted = " AND ".join([*phrases, f"{last}*" if query.is_open else last])
    unwanted = " OR ".join(f'"{" ".join(phrase)}"' for phrase in query.unwanted)
    return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"


def _range(query, limits):
    """What the walk is given: words, and the first place and the first one after."""
    match = expression(query)
    if limits.region:
        match = f'"{REGION}{limits.region.pk}" AND {match}'
    return [match, _place(limits.since), _place(limits.until) + 2 * KEY]


def _most_walked(limits):
    return MOST_HELD if limits.tag and not _is_asked(limits) else MOST_ASKED


def _is_asked(limits):
    return bool(limits.tag) and limits.tag_stories > LONG_LIST


def _place(moment):
    return (int(moment.timestamp() // DAY) + EARLIER_DAYS) * KEY
