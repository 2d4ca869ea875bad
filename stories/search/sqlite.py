"""Search by the FTS5 table newsdesk_search, see stories/triggers/sqlite_search.sql; its tokenizer folds case and accents."""

from django.db import connections
from django.db.models import F
from django.db.models.expressions import RawSQL

# A row's place in the index is its day, then the story's key: read backwards, the index gives the newest first.
KEY = 2**28
FOUND = f"SELECT rowid %% {KEY} FROM newsdesk_search WHERE newsdesk_search MATCH %s"  # noqa: S608 (a number)
# The days before 1970 that the index counts from.
EARLIER_DAYS = 100_000
DAY = 24 * 60 * 60
# Up to here all that is found is looked up and sorted; beyond, the list is walked in its order until a page is full.
FEW = 5_000
# Begins the word that stands for a region in the index: of a kind that no text has, and no query.
REGION = chr(57344)
# The stories of a tag are looked for among so many that have the word.
MOST_WALKED = 20_000
NEWEST = """
    SELECT story.id, headline, live_at, region_id FROM (
        SELECT rowid AS place FROM newsdesk_search
        WHERE newsdesk_search MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT {walked}
    ) CROSS JOIN stories_story AS story ON story.id = place %% {key} WHERE {limits} LIMIT {most}
"""


def matching(queryset, query):
    found = RawSQL(FOUND, [expression(query)])  # noqa: S611 (a parameter, and made of words only)
    if _are_few(queryset.db, query):
        return queryset.filter(pk__in=found)
    # An expression in place of the key keeps SQLite from looking up all that is found.
    return queryset.alias(found_key=F("pk") + 0).filter(found_key__in=found)


def newest(query, narrowed, limits: str, most: int):
    """The statement, and the parameters that come before those of the limits."""
    statement = NEWEST.format(walked=MOST_WALKED, key=KEY, limits=limits, most=most)
    match = expression(query)
    if narrowed.region:
        match = f'"{REGION}{narrowed.region.pk}" AND {match}'
    return statement, [match, _place(narrowed.since), _place(narrowed.until) + 2 * KEY]


def expression(query) -> str:
    *phrases, last = (f'"{" ".join(phrase)}"' for phrase in query.wanted)
    wanted = " AND ".join([*phrases, f"{last}*" if query.is_open else last])
    unwanted = " OR ".join(f'"{" ".join(phrase)}"' for phrase in query.unwanted)
    return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"


def _place(moment):
    return (int(moment.timestamp() // DAY) + EARLIER_DAYS) * KEY


def _are_few(using, query):
    with connections[using].cursor() as cursor:
        cursor.execute(f"{FOUND} LIMIT 1 OFFSET %s", [expression(query), FEW])
        return cursor.fetchone() is None
