"""Page N of a listing, its exact total and its months, at the same cost for ten stories and for a million.

MonthCount says how many stories each month has; walking it, newest first, finds the month that holds the page, and a
short OFFSET inside that month finds the ten. What stands at which address is for the views to say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from django.core.paginator import EmptyPage
from django.utils import timezone

from stories.models import Region, Tag

from .months import first_of_month, following_month, midnight
from .story_rows import fetch_rows, fetch_stories, to_db_value

PAGE_SIZE = 10
# A month of so many stories is read from whichever end is nearer.
FULL_MONTH = 1_000
# Of all that are live some day, those that aren't yet go off. In one statement, for between two a writer may come.
# Without IN, SQLite would read every tag of every story.
COUNTED = """
    SELECT tag_id, stories - coalesce(late, 0) FROM stories_tagcount LEFT JOIN (
        SELECT tag_id, count(*) AS late FROM stories_storytag
        WHERE content_object_id IN (SELECT id FROM stories_story WHERE live_at >= %s) GROUP BY tag_id
    ) AS to_come USING (tag_id)
"""


class Month(NamedTuple):
    """A month of a listing: its first day, and how many of its stories readers may see."""

    first_day: date
    stories: int

    @property
    def start(self) -> datetime:
        return midnight(self.first_day)

    @property
    def end(self) -> datetime:
        return midnight(following_month(self.first_day))


@dataclass
class Listing:
    """What readers may see, newest first: all stories, or those of a tag, a region, or both, and within dates if given.

    `since` is the first moment and `until` the first moment after. With a `month`, given by its first day, the pages
    are those of that month, while `months` still has them all. A page has `size` stories. A listing is of the moment it
    was made.
    """

    tag: Tag | None = None
    region: Region | None = None
    since: datetime | None = None
    until: datetime | None = None
    month: date | None = None
    size: int = PAGE_SIZE

    def __post_init__(self):
        # The first moment that readers can't see yet.
        self.end = timezone.now() + datetime.resolution
        if self.until:
            self.end = min(self.until, self.end)

    @classmethod
    def at_tag(cls, slug: str, **limits) -> "Listing | None":
        """The listing of the tag that has this very slug, its months read with the tag in one query; None without any."""
        listing = cls(tag=Tag(slug=slug), **limits)
        names = [field.column for field in Tag._meta.concrete_fields]
        counts = listing._counts({"tag.slug = %s": slug}, *(f"tag.{name}" for name in names))
        if not counts:
            return None
        listing.tag = Tag.from_db(None, names, counts[0][3:])
        listing.months = listing._months_from(counts)
        return listing

    @cached_property
    def months(self) -> list[Month]:
        """Its months that have stories, newest first. One query, and one more where `since` cuts a month."""
        return self._months_from(self._counts({"counted.tag_id = %s": self.tag.pk if self.tag else 0}))

    def _counts(self, limits, *names):
        """(month, stories, how many of these come too late, what else is named) for each month it reaches into."""
        newest = first_of_month(self.end)
        late, moments = self._late(newest)
        limits |= {"region_id = %s": self.region.pk if self.region else 0, "month <= %s": to_db_value(newest)}
        if self.since:
            limits["month >= %s"] = to_db_value(first_of_month(self.since))
        columns = ", ".join(["month", "stories", late, *names])
        join = "JOIN stories_tag AS tag ON tag.id = counted.tag_id" if names else ""
        where = f"WHERE {' AND '.join(limits)} AND stories > 0 ORDER BY month DESC"
        statement = f"SELECT {columns} FROM stories_monthcount AS counted {join} {where}"  # noqa: S608
        return fetch_rows(statement, [*moments, *limits.values()])

    def _late(self, newest):
        """How many stories of the newest month come too late. Of another, counting would cost as much and find none."""
        within = " AND late.tag_id = counted.tag_id" if self.tag else ""
        within += " AND late.region_id = counted.region_id" if self.region else ""
        late = f"SELECT count(*) FROM {self._table} AS late WHERE late.live_at >= %s AND late.live_at < %s{within}"  # noqa: S608
        moments = self.end, midnight(following_month(newest))
        return f"CASE WHEN month = %s THEN ({late}) ELSE 0 END", [to_db_value(newest), *map(to_db_value, moments)]

    def _months_from(self, counts):
        months = [Month(first_day, stories - late) for first_day, stories, late, *_ in counts]
        return [month for month in self._cut_by_since(months) if month.stories > 0]

    @cached_property
    def paged_months(self) -> list[Month]:
        """The months that its pages go through."""
        return [month for month in self.months if month.first_day == self.month] if self.month else self.months

    @cached_property
    def total(self) -> int:
        return sum(month.stories for month in self.paged_months)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def page(self, number: str) -> "Page":
        """Page `number`, a text as it came in an address. Two queries besides those of `months`.

        Raises EmptyPage for anything but the plain decimal number of a page that exists: int() would also
        take "+1", "1_0" and the digits of every other script, and so give one page endless addresses.
        """
        if not re.fullmatch(r"[1-9][0-9]{0,8}", number) or int(number) > self.pages:
            raise EmptyPage(f"{number!r} is not a page of this listing")
        return Page(int(number), self.pages, self._stories((int(number) - 1) * self.size))

    def newest(self, number: int) -> tuple[str, list]:
        """SQL and its parameters: the keys, as `pk`, of the newest stories of its pages. Only of a listing that has any."""
        month = self.paged_months[0] if self.month else None
        rows, parameters = self._rows(
            month.start if month else self.since, min(self.end, month.end) if month else self.end
        )
        return f"SELECT {self._key} AS pk {rows} ORDER BY live_at DESC, {self._key} DESC LIMIT {number}", parameters

    def _stories(self, offset):
        sums = [0, *accumulate(month.stories for month in self.paged_months)]
        for month, before, after in zip(self.paged_months, sums, sums[1:], strict=False):
            if offset < after:
                return fetch_stories(*self._keys(month, offset - before))
        return []

    def _keys(self, month, start):
        """SQL and its parameters: the keys of the page that begins in this month, after `start` of its stories."""
        is_last = month == self.paged_months[-1]
        # A page may go on into the months before, so only the last one has a lower limit.
        since, skipped, number, way = month.start if self.month else self.since, start, self.size, "DESC"
        left = month.stories - start
        if month.stories >= FULL_MONTH and left < start and (is_last or left >= self.size):
            since = max(since or month.start, month.start)
            skipped, number, way = max(0, left - self.size), min(left, self.size), "ASC"
        rows, parameters = self._rows(since, min(self.end, month.end))
        order = f"ORDER BY live_at {way}, {self._key} {way} LIMIT {number} OFFSET {skipped}"
        return f"SELECT {self._key} {rows} {order}", parameters

    def _rows(self, start, end):
        """SQL and its parameters: the rows of the one index that this listing is read from, from `start` on, before `end`."""
        limits = {"live_at < %s": to_db_value(end)}
        if start:
            limits["live_at >= %s"] = to_db_value(start)
        if self.tag:
            limits["tag_id = %s"] = self.tag.pk
        if self.region:
            limits["region_id = %s"] = self.region.pk
        return f"FROM {self._table} WHERE {' AND '.join(limits)}", list(limits.values())

    def _cut_by_since(self, months):
        if not (self.since and months and months[-1].start < self.since):
            return months
        oldest = months[-1]
        rows, parameters = self._rows(self.since, min(self.end, oldest.end))
        [(kept,)] = fetch_rows(f"SELECT count(*) {rows}", parameters)
        return [*months[:-1], Month(oldest.first_day, kept)]

    @property
    def _table(self):
        return "stories_storytag" if self.tag else "stories_story"

    @property
    def _key(self):
        return "content_object_id" if self.tag else "id"


@dataclass(frozen=True)
class Page:
    number: int
    last: int
    stories: list


@dataclass(frozen=True)
class Pager:
    """The links at the foot of a list. `url_for_page` gives the address of a page by its number."""

    number: int
    last: int
    url_for_page: Callable[[int], str]

    @property
    def first_address(self):
        return self.url_for_page(1)

    @property
    def last_address(self):
        return self.url_for_page(self.last)

    @property
    def previous_address(self):
        return self.url_for_page(self.number - 1) if self.number > 1 else None

    @property
    def next_address(self):
        return self.url_for_page(self.number + 1) if self.number < self.last else None

    def near(self) -> list[tuple[int, str]]:
        """(number, address) of this page and up to two on each side."""
        numbers = range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)
        return [(number, self.url_for_page(number)) for number in numbers]


def stories_by_tag() -> dict[int, int]:
    """{tag pk: how many stories readers may see}. One query."""
    return dict(fetch_rows(COUNTED, [to_db_value(timezone.now() + datetime.resolution)]))
