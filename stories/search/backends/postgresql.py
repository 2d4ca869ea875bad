"""Search by the table newsdesk_search: what it does to a text, see story_words in the migrations, `expression` does to a query.

What is looked for is written into the statements. Given as parameters, it would be unknown to the planner: after some
searches on a connection it makes one plan for all that are to come, which is ten times as slow for most.
"""

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from psycopg.errors import QueryCanceled

from stories.listings.listing import Listing
from stories.listings.story_rows import fetch_rows
from stories.text.words import split_words, without_accents

HAS = "found.search @@ to_tsquery('simple', %s)"
FOUND = f"SELECT story_id FROM newsdesk_search AS found WHERE {HAS}"  # noqa: S608 (of words of our own)
# A story is among those found. Of few, all are found before any story is read, and the planner can't do otherwise; of many,
# stories are read in the list's order, and each is asked for, until a page is full.
IS_ONE_OF_FEW = f"stories_story.id = ANY (ARRAY({FOUND}))"
IS_FOUND = f"EXISTS ({FOUND} AND story_id = stories_story.id)"
# So many stories, the newest, are searched first. Of a common word they hold all that is wanted, and then the old ones are
# not searched at all; of a rare word they hold too few, and to have searched them first costs little.
NEWEST = 30_000
PART = """
    (SELECT story_id FROM newsdesk_search AS found WHERE {part}, story_id DESC LIMIT {most})
"""
NEW = f"{HAS} AND {{limits}} AND found.live_at >= %s ORDER BY found.live_at DESC"
# Without its sum, the planner might read the old ones one by one in the order of their dates; of what it thinks common,
# and is rare there, that is nearly all.
OLD = f"{HAS} AND {{limits}} AND found.live_at < %s ORDER BY found.live_at + interval '0' DESC"
STORIES = """
    SELECT story.id, headline, story.live_at, story.region_id FROM (SELECT story_id FROM ({parts}) AS parts LIMIT {most}) AS found
    JOIN stories_story AS story ON story.id = story_id
"""
# Whether words stand in a row, or one of them does not, the index does not know: each text that has them is read. Of words
# that nearly all have, that would take seconds, so it ends after these milliseconds. Then the newest are read one by one:
# no index knows the function behind the operator.
LONGEST = 1_000
READ = NEW.replace(HAS, "ts_match_vq(found.search, to_tsquery('simple', %s))")


def matching(queryset, query, *, are_few):
    is_found = _written(IS_ONE_OF_FEW if are_few else IS_FOUND, [expression(query)], queryset.db)
    return queryset.filter(RawSQL(is_found, [], output_field=BooleanField()))  # noqa: S611 (made of words only)


def newest(query, limits, most: int) -> tuple[list[tuple], bool]:
    """The rows found, and whether older ones were not looked at. Two queries; three or four for a phrase or a minus."""
    wanted, (start, end) = expression(query), _newest_of(limits)
    conditions, parameters = zip(*limits.places("found", until=end), *limits.tags("story_id"), strict=True)

    def rows(*parts):
        limited = [PART.format(part=part.format(limits=" AND ".join(conditions)), most=most) for part in parts]
        statement = STORIES.format(parts=" UNION ALL ".join(limited), most=most)
        return fetch_rows(_written(statement, [wanted, *parameters, start] * len(parts)), [])

    if "<->" not in wanted and "!" not in wanted:
        return rows(NEW, OLD), False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {LONGEST}")
            return rows(NEW, OLD), False
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return rows(READ), True


def expression(query) -> str:
    wanted = [phrase_of(words) for words in query.wanted]
    if query.is_open:
        wanted[-1] += ":*"
    return " & ".join([*wanted, *(f"!({phrase_of(words)})" for words in query.unwanted)])


def phrase_of(words) -> str:
    # Without its accents, a letter may be several, with signs between them.
    words = [part for word in words for part in split_words(without_accents(word))]
    return " <-> ".join(f"'{word}'" for word in words) or "''"


def _written(statement, parameters, using=DEFAULT_DB_ALIAS):
    """The statement with its parameters in it, quoted. None holds a percent sign, which would stand for another parameter."""
    return connections[using].ops.compose_sql(statement, parameters)


def _newest_of(limits):
    """When the newest stories of a listing begin, and when its last month ends: later there is nothing to be read."""
    months = Listing(tag=limits.tag, region=limits.region, since=limits.since, until=limits.until).months
    stories = 0
    for month in months:
        stories += month.stories
        if stories >= NEWEST:
            break
    return (month.start, min(months[0].end, limits.until)) if months else (limits.until, limits.until)
