"""Stories by when they go live, between many moments at once: from the index of lists, and only so many of each."""

from datetime import datetime

from stories.listings.story_rows import fetch_rows, to_db_value
from stories.models import Story

# To count further would take time for a number that nobody needs to the last digit.
MOST = 10_000
WITHIN = "FROM stories_story WHERE live_at >= %s AND live_at < %s"


def counts_within(ranges: list[tuple[datetime, datetime]]) -> list[int]:
    """How many stories each of these (start, end) has, MOST at most. One query."""
    count = f"(SELECT count(*) FROM (SELECT 1 AS one {WITHIN} LIMIT {MOST}) AS found)"  # noqa: S608
    [found] = fetch_rows("SELECT " + ", ".join([count] * len(ranges)), range_parameters(ranges))
    return list(found)


def first_within(ranges: list[tuple[datetime, datetime]], number: int) -> list[Story]:
    """The first so many stories of each of these (start, end), in the order of time. Two queries."""
    # Django can't cut the parts of a union on SQLite.
    part = f"SELECT id FROM (SELECT id {WITHIN} ORDER BY live_at, id LIMIT {number}) AS found"  # noqa: S608
    keys = [pk for (pk,) in fetch_rows(" UNION ALL ".join([part] * len(ranges)), range_parameters(ranges))]
    return list(Story.objects.filter(pk__in=keys).only("headline", "live_at").order_by("live_at", "pk"))


def in_words(count: int) -> str:
    return f"{count:,} or more" if count == MOST else f"{count:,}"


def range_parameters(ranges):
    return [to_db_value(moment) for within in ranges for moment in within]
