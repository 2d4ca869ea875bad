"""Page N of a listing, its exact total and its months, at the same cost for ten stories and for a million.

MonthCount has the number of stories of each month. Adding these up, newest first, finds the month in which a page
begins; a short OFFSET within that month finds the page's ten stories:

    MonthCount     June 12   May 31   April 20 ...         page 4 of 10 stories each: skip 30 stories
    summed up        12        43        63                30 < 43, so the page begins in May
    SQL            live_at before the end of May, ORDER BY live_at DESC, OFFSET 30 - 12, LIMIT 10

Raw SQL here and in story_rows.py: the ORM needs 938 ms on SQLite and 673 ms on PostgreSQL to count and sort the stories
of the largest tag among a million, these statements 1.3 and 3.1 ms (`make bench`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import EmptyPage
from django.utils import timezone

from stories.models import Region, Tag

from .months import first_of_month, following_month, midnight
from .story_rows import ListedStory, fetch_rows, fetch_stories, to_db_value

PAGE_SIZE = 10
# Pages in the older half of a month with so many stories are read from the month's oldest story on.
FULL_MONTH_STORIES = 1_000
# Published count minus scheduled stories, in one statement so that no concurrent write falls in between.
# Without IN, SQLite would read every tag of every story.
STORIES_BY_TAG = """
    SELECT tag_id, stories - coalesce(scheduled, 0) FROM stories_tagcount LEFT JOIN (
        SELECT tag_id, count(*) AS scheduled FROM stories_storytag
        WHERE content_object_id IN (SELECT id FROM stories_story WHERE live_at >= %s) GROUP BY tag_id
    ) AS future USING (tag_id)
"""


class Month(NamedTuple):
    """A month of a listing: its first day, and the number of its stories that readers can see."""

    first_day: date
    stories: int

    @property
    def start(self) -> datetime:
        return midnight(self.first_day)

    @property
    def end(self) -> datetime:
        """The first moment after the month."""
        return midnight(following_month(self.first_day))


@dataclass
class Listing:
    """The stories that readers can see, newest first: all, or those of a tag, a region or both, between dates if given.

    `since` is the first moment and `until` the first moment after. With a `month`, given by its first day, the pages
    have only that month's stories, while `months` still has all months. A page has `size` stories. A listing keeps the
    time at which it was made.
    """

    tag: Tag | None = None
    region: Region | None = None
    since: datetime | None = None
    until: datetime | None = None
    month: date | None = None
    size: int = PAGE_SIZE

    def __post_init__(self) -> None:
        # The first moment that readers can't see yet.
        self.end = timezone.now() + datetime.resolution
        if self.until:
            self.end = min(self.until, self.end)

    @classmethod
    def at_tag(cls, slug: str, **limits: Any) -> "Listing | None":
        """Return the listing of the tag that has this slug, or None. One query for the tag and its months."""
        listing = cls(tag=Tag(slug=slug), **limits)
        columns = [field.column for field in Tag._meta.concrete_fields]
        rows = listing._count_months({"tag.slug = %s": slug}, *(f"tag.{column}" for column in columns))
        if not rows:
            return None
        listing.tag = Tag.from_db(None, columns, rows[0][3:])
        listing.months = listing._to_months(rows)
        return listing

    @cached_property
    def months(self) -> list[Month]:
        """Months that have stories, newest first. One query, and another where `since` cuts a month."""
        return self._to_months(self._count_months({"counted.tag_id = %s": self.tag.pk if self.tag else 0}))

    @cached_property
    def paged_months(self) -> list[Month]:
        """Months whose stories its pages show."""
        return [month for month in self.months if month.first_day == self.month] if self.month else self.months

    @cached_property
    def total(self) -> int:
        return sum(month.stories for month in self.paged_months)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def page(self, number: str) -> "Page":
        """Return page `number`, a text as it came in a URL. Two queries besides those of `months`.

        Raises EmptyPage for anything but the plain decimal number of an existing page. int() would also accept "+1",
        "1_0" and the digits of every other script, which would give one page endless URLs.
        """
        if not re.fullmatch(r"[1-9][0-9]{0,8}", number) or int(number) > self.pages:
            raise EmptyPage(f"{number!r} is not a page of this listing")
        return Page(int(number), self.pages, self._fetch_page((int(number) - 1) * self.size))

    def newest_keys(self, number: int) -> tuple[str, list]:
        """Return SQL for the keys (`pk`) of the newest stories of its pages, and its parameters.

        Only for a listing that has stories.
        """
        month = self.paged_months[0]
        start = self._start(month) if self.month else self.since
        return self._select_keys(start, min(self.end, month.end), number)

    def _count_months(self, conditions: dict[str, Any], *columns: str) -> list[tuple]:
        """Return (month, stories, how many of them are scheduled, *columns) of the months between its dates.

        Only the newest month is searched for scheduled stories: counting costs as much in a month that has none.
        """
        newest = first_of_month(self.end)
        same_tag = " AND scheduled.tag_id = counted.tag_id" if self.tag else ""
        same_region = " AND scheduled.region_id = counted.region_id" if self.region else ""
        scheduled = (
            f"SELECT count(*) FROM {self._table} AS scheduled"  # noqa: S608 (our own names, as below)
            f" WHERE scheduled.live_at >= %s AND scheduled.live_at < %s{same_tag}{same_region}"
        )
        parameters = [newest, self.end, midnight(following_month(newest))]
        conditions = conditions | {
            "region_id = %s": self.region.pk if self.region else 0,
            "month <= %s": to_db_value(newest),
        }
        if self.since:
            conditions["month >= %s"] = to_db_value(first_of_month(self.since))
        statement = f"""
            SELECT {", ".join(["month", "stories", f"CASE WHEN month = %s THEN ({scheduled}) ELSE 0 END", *columns])}
            FROM stories_monthcount AS counted {"JOIN stories_tag AS tag ON tag.id = counted.tag_id" if columns else ""}
            WHERE {" AND ".join(conditions)} AND stories > 0 ORDER BY month DESC
        """  # noqa: S608
        return fetch_rows(statement, [*map(to_db_value, parameters), *conditions.values()])

    def _to_months(self, rows: list[tuple]) -> list[Month]:
        months = [Month(first_day, stories - scheduled) for first_day, stories, scheduled, *_ in rows]
        if self.since and months and months[-1].start < self.since:
            months[-1] = self._cut_by_since(months[-1])
        return [month for month in months if month.stories > 0]

    def _cut_by_since(self, month: Month) -> Month:
        """Count the stories of the oldest month again, from `since` on. One query."""
        rows, parameters = self._select_rows(self.since, min(self.end, month.end))
        [(stories,)] = fetch_rows(f"SELECT count(*) {rows}", parameters)
        return month._replace(stories=stories)

    def _fetch_page(self, skipped: int) -> list[ListedStory]:
        """Return the stories of the page that begins after so many. Two queries, none for an empty listing."""
        for month in self.paged_months:
            if skipped < month.stories:
                return fetch_stories(*self._page_keys(month, skipped))
            skipped -= month.stories
        return []

    def _page_keys(self, month: Month, skipped: int) -> tuple[str, list]:
        """Return SQL for the keys of the page that begins in this month after `skipped` of its stories.

            newest |-- skipped --|--- page ---|----- the rest -----| oldest
                   |             |------------ left ---------------|

        OFFSET reads what it skips. So a page near the end of a full month is read backwards, from the oldest story.
        """
        left = month.stories - skipped
        end = min(self.end, month.end)
        fits = left >= self.size or month == self.paged_months[-1]
        if month.stories >= FULL_MONTH_STORIES and left < skipped and fits:
            number = min(left, self.size)
            return self._select_keys(self._start(month), end, number, left - number, "ASC")
        # The page may continue in older months, unless the pages are those of one month.
        start = self._start(month) if self.month else self.since
        return self._select_keys(start, end, self.size, skipped)

    def _start(self, month: Month) -> datetime:
        return max(self.since, month.start) if self.since else month.start

    def _select_keys(
        self, start: datetime | None, end: datetime, number: int, skipped: int = 0, order: str = "DESC"
    ) -> tuple[str, list]:
        rows, parameters = self._select_rows(start, end)
        order_by = f"ORDER BY live_at {order}, {self._key} {order} LIMIT {number} OFFSET {skipped}"
        return f"SELECT {self._key} AS pk {rows} {order_by}", parameters

    def _select_rows(self, start: datetime | None, end: datetime) -> tuple[str, list]:
        """Return FROM and WHERE for its stories from `start` to before `end`. One index has them in order."""
        conditions = {"live_at < %s": to_db_value(end)}
        if start:
            conditions["live_at >= %s"] = to_db_value(start)
        if self.tag:
            conditions["tag_id = %s"] = self.tag.pk
        if self.region:
            conditions["region_id = %s"] = self.region.pk
        return f"FROM {self._table} WHERE {' AND '.join(conditions)}", list(conditions.values())

    @property
    def _table(self) -> str:
        return "stories_storytag" if self.tag else "stories_story"

    @property
    def _key(self) -> str:
        return "content_object_id" if self.tag else "id"


@dataclass(frozen=True)
class Page:
    """A page of stories: its number and that of the last page."""

    number: int
    last: int
    stories: list[ListedStory]


@dataclass(frozen=True)
class Pager:
    """The links below a list. `url_for_page` returns the URL of a page number."""

    number: int
    last: int
    url_for_page: Callable[[int], str]

    @property
    def first_url(self) -> str:
        return self.url_for_page(1)

    @property
    def last_url(self) -> str:
        return self.url_for_page(self.last)

    @property
    def previous_url(self) -> str | None:
        return self.url_for_page(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self.url_for_page(self.number + 1) if self.number < self.last else None

    def near(self) -> list[tuple[int, str]]:
        """Return (number, URL) of this page and up to two on each side."""
        numbers = range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)
        return [(number, self.url_for_page(number)) for number in numbers]


def stories_by_tag() -> dict[int, int]:
    """Return {tag key: number of stories that readers can see}. One query."""
    return dict(fetch_rows(STORIES_BY_TAG, [to_db_value(timezone.now() + datetime.resolution)]))
