"""The dashboard's two charts: how many stories the newsroom published in each of the last weeks, and in each region."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from stories.admin.base.region_counts import with_bars
from stories.listings.months import first_of_month, midnight, months_before
from stories.models import MonthCount, Region

from .ranges import counts_within, in_words

WEEKS, MONTHS = 12, 12
HEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """A week: its Monday, its place from the left, and how high it stands out of HEIGHT."""

    monday: date
    slot: int
    stories: int
    height: int

    @property
    def top(self) -> int:
        return HEIGHT - self.height

    @property
    def number(self) -> str:
        return in_words(self.stories)


class Output:
    """Three queries, however many stories."""

    @cached_property
    def weeks(self) -> list[Bar]:
        """The last twelve weeks, from Monday to Sunday, this one so far; none if they have no story."""
        now = timezone.now()
        today = timezone.localtime(now).date()
        monday = today - timedelta(days=today.weekday())
        mondays = [monday - timedelta(weeks=number) for number in reversed(range(WEEKS))]
        starts = [midnight(day) for day in mondays]
        counts = counts_within(list(zip(starts, [*starts[1:], now + datetime.resolution], strict=True)))
        most = max(counts)
        return [
            Bar(day, slot, stories, -(-HEIGHT * stories // most))
            for slot, (day, stories) in enumerate(zip(mondays, counts, strict=True))
            if most
        ]

    @cached_property
    def regions(self) -> list[tuple[Region, int, int]]:
        """As with_bars() gives them, of the last twelve months, this one with what is scheduled in it."""
        this = first_of_month(timezone.now())
        return with_bars(MonthCount.objects.filter(tag=0, month__gte=months_before(this, MONTHS - 1), month__lte=this))
