"""Search by the table newsdesk_search: what it does to a text, see story_words in the migrations, `expression` does to a query.

What is looked for is written into the statements. Given as parameters, it would be unknown to the planner: after some
searches on a connection it makes one plan for all that are to come, which is ten times as slow for most.
"""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from stories.listing import Listing

from .words import without_accents, words_of

FOUND = "SELECT story_id FROM newsdesk_search AS found WHERE found.search @@ to_tsquery('simple', %s)"
# Two ways to say that a story is among those found: the first is told which, whatever the planner thinks; by the second it
# stops when it has enough.
IS_ONE_OF_FEW = f"stories_story.id = ANY (ARRAY({FOUND}))"
IS_FOUND = f"EXISTS ({FOUND} AND story_id = stories_story.id)"
# Of what many stories have, most are found among the newest, and no others are read. How many these are: among so many,
# a rare word is looked for in vain at little cost, and of a common one they hold enough.
NEWEST = 30_000
# Without its sum, the planner might read the old ones one by one in the order of their dates; of what it thinks common,
# and is rare there, that is nearly all.
PAGES = f"""
    SELECT story.id, headline, story.live_at, story.region_id FROM (
        ({FOUND} AND {{limits}} AND found.live_at >= %s ORDER BY found.live_at DESC, story_id DESC LIMIT {{most}})
        UNION ALL
        ({FOUND} AND {{limits}} AND found.live_at < %s
            ORDER BY found.live_at + interval '0' DESC, story_id DESC LIMIT {{most}})
        LIMIT {{most}}
    ) AS newest JOIN stories_story AS story ON story.id = story_id
"""  # noqa: S608 (of words of our own)


def matching(queryset, query, *, are_few):
    is_found = _written(IS_ONE_OF_FEW if are_few else IS_FOUND, [expression(query)], queryset.db)
    return queryset.filter(RawSQL(is_found, [], output_field=BooleanField()))  # noqa: S611 (made of words only)


def newest(query, limits, most: int):
    """The statement and its parameters. One query, for the months of the listing that is searched."""
    start, end = _newest_of(limits)
    conditions, parameters = zip(*limits.places("found", until=end), *limits.tags("story_id"), strict=True)
    one = [expression(query), *parameters, start]
    return _written(PAGES.format(limits=" AND ".join(conditions), most=most), [*one, *one]), []


def stopped_early(query, limits) -> bool:
    """Never: it looks at all of them."""
    return False


def expression(query) -> str:
    wanted = [phrase_of(words) for words in query.wanted]
    if query.is_open:
        wanted[-1] += ":*"
    return " & ".join([*wanted, *(f"!({phrase_of(words)})" for words in query.unwanted)])


def phrase_of(words) -> str:
    # Without its accents, a letter may be several, with signs between them.
    words = [part for word in words for part in words_of(without_accents(word))]
    return " <-> ".join(f"'{word}'" for word in words) or "''"


def _written(statement, parameters, using=DEFAULT_DB_ALIAS):
    """The statement with its parameters in it, quoted; none of them holds a percent sign."""
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
