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

from django.core.paginator import EmptyPage
from django.db import connection
from django.db.models import Count, Sum
from django.db.models.expressions import RawSQL
from django.utils import timezone

from .models import MonthCount, Region, Story, StoryTag, Tag
from .months import following_month, midnight, month_of

PAGE_SIZE = 10
# A month of so many stories is read from whichever end is nearer.
FULL_MONTH = 1_000


@dataclass(frozen=True)
class Month:
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
    are those of that month, while `months` still has them all. A listing is of the moment it was made.
    """

    tag: Tag | None = None
    region: Region | None = None
    since: datetime | None = None
    until: datetime | None = None
    month: date | None = None

    def __post_init__(self):
        # The first moment that readers can't see yet.
        self.end = timezone.now() + datetime.resolution
        if self.until:
            self.end = min(self.until, self.end)

    @classmethod
    def at_tag(cls, slug: str, **limits) -> "Listing | None":
        """The listing of the tag that has this very slug, its months read with the tag in one query; None without any."""
        listing = cls(tag=Tag(slug=slug), **limits)
        names = [field.attname for field in Tag._meta.concrete_fields]
        counts = listing._counts(MonthCount.objects.filter(tag__slug=slug), *(f"tag__{name}" for name in names))
        if not counts:
            return None
        listing.tag = Tag.from_db(None, names, counts[0][3:])
        listing.months = listing._months_from(counts)
        return listing

    @cached_property
    def months(self) -> list[Month]:
        """Its months that have stories, newest first. One query, and one more where `since` cuts a month."""
        return self._months_from(self._counts(MonthCount.objects.filter(tag=self.tag.pk if self.tag else 0)))

    def _counts(self, counts, *names):
        """(month, stories, how many of these come too late, what else is named) for each month it reaches into."""
        newest = month_of(self.end)
        counts = counts.filter(region=self.region.pk if self.region else 0, month__lte=newest, stories__gt=0)
        if self.since:
            counts = counts.filter(month__gte=month_of(self.since))
        counts = counts.annotate(late=self._late(newest)).order_by("-month")
        return list(counts.values_list("month", "stories", "late", *names))

    def _late(self, newest):
        """How many stories of the newest month come too late. Of another, counting would cost as much and find none.

        In SQL, because the same as expressions takes Django three times as long as all the rest of the query.
        """
        within = " AND late.tag_id = stories_monthcount.tag_id" if self.tag else ""
        within += " AND late.region_id = stories_monthcount.region_id" if self.region else ""
        late = f"SELECT count(*) FROM {self._table} AS late WHERE late.live_at >= %s AND late.live_at < %s{within}"  # noqa: S608
        moments = [connection.ops.adapt_datetimefield_value(m) for m in (self.end, midnight(following_month(newest)))]
        return RawSQL(f"CASE WHEN month = %s THEN ({late}) ELSE 0 END", [newest.isoformat(), *moments])  # noqa: S611

    def _months_from(self, counts):
        months = [Month(first_day, stories - late) for first_day, stories, late, *_ in counts]
        return [month for month in self._cut_by_since(months) if month.stories > 0]

    @cached_property
    def paged_months(self) -> list[Month]:
        """The months that its pages go through."""
        return [month for month in self.months if self.month in {None, month.first_day}]

    @property
    def total(self) -> int:
        return sum(month.stories for month in self.paged_months)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    def page(self, number: str) -> "Page":
        """Page `number`, a text as it came in an address. Three queries besides those of `months`.

        Raises EmptyPage for anything but the plain decimal number of a page that exists: int() would also
        take "+1", "1_0" and the digits of every other script, and so give one page endless addresses.
        """
        if not re.fullmatch(r"[1-9][0-9]{0,8}", number) or int(number) > self.pages:
            raise EmptyPage(f"{number!r} is not a page of this listing")
        return Page(int(number), self.pages, list(self._stories((int(number) - 1) * PAGE_SIZE)))

    def _stories(self, offset):
        sums = [0, *accumulate(month.stories for month in self.paged_months)]
        for month, before, after in zip(self.paged_months, sums, sums[1:], strict=False):
            if offset < after:
                return Story.objects.filter(pk__in=self._keys(month, offset - before)).whole().newest_first()
        return Story.objects.none()

    def _keys(self, month, start):
        """The keys of the page that begins in this month, after `start` of its stories."""
        is_last = month == self.paged_months[-1]
        # A page may go on into the months before, so only the last one has a lower limit.
        rows = self._rows(month.start if self.month else self.since, min(self.end, month.end)).values(self._key)
        left = month.stories - start
        if month.stories >= FULL_MONTH and left < start and (is_last or left >= PAGE_SIZE):
            rows = rows.filter(live_at__gte=month.start).order_by("live_at", self._key)
            return rows[max(0, left - PAGE_SIZE) : left]
        return rows.order_by("-live_at", f"-{self._key}")[start : start + PAGE_SIZE]

    def _rows(self, start, end):
        """The rows of the one index that this listing is read from, from `start` on and before `end`."""
        limits = {"live_at__lt": end}
        if start:
            limits["live_at__gte"] = start
        if self.region:
            limits["region"] = self.region
        return StoryTag.objects.filter(tag=self.tag, **limits) if self.tag else Story.objects.filter(**limits)

    def _cut_by_since(self, months):
        if not (self.since and months and months[-1].start < self.since):
            return months
        oldest = months[-1]
        kept = self._rows(self.since, min(self.end, oldest.end)).count()
        return [*months[:-1], Month(oldest.first_day, kept)]

    @property
    def _table(self):
        return (StoryTag if self.tag else Story)._meta.db_table

    @property
    def _key(self):
        return "content_object" if self.tag else "pk"


@dataclass(frozen=True)
class Page:
    number: int
    last: int
    stories: list


@dataclass(frozen=True)
class Pager:
    """The links at the foot of a list. `address_of` gives the address of a page by its number."""

    number: int
    last: int
    address_of: Callable[[int], str]

    @property
    def first_address(self):
        return self.address_of(1)

    @property
    def last_address(self):
        return self.address_of(self.last)

    @property
    def previous_address(self):
        return self.address_of(self.number - 1) if self.number > 1 else None

    @property
    def next_address(self):
        return self.address_of(self.number + 1) if self.number < self.last else None

    def near(self) -> list[tuple[int, str]]:
        """(number, address) of this page and up to two on each side."""
        numbers = range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)
        return [(number, self.address_of(number)) for number in numbers]


def stories_by_tag() -> dict[int, int]:
    """{tag pk: how many stories readers may see}. Two queries."""
    end = timezone.now() + datetime.resolution
    newest = month_of(end)
    kept = MonthCount.objects.filter(region=0, month__lte=newest).exclude(tag=0).order_by()
    numbers = dict(kept.values_list("tag").annotate(Sum("stories")))
    late = Story.objects.filter(live_at__gte=end, live_at__lt=midnight(following_month(newest))).order_by()
    for tag, number in late.exclude(story_tags=None).values_list("story_tags__tag").annotate(Count("pk")):
        numbers[tag] -= number
    return numbers
