"""The dashboard's two charts: stories published in each of the last weeks, and in each region."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.formats import date_format

from stories.admin.base.region_counts import RegionBar, region_bars
from stories.listings.months import first_of_month, midnight, months_before
from stories.models import MonthCount

from .ranges import counts_within, in_words

WEEKS, MONTHS = 12, 12
# Of the chart of weeks, in the units of its SVG.
HEIGHT = 100


@dataclass(frozen=True)
class WeekBar:
    """The bar of a week: its Monday, its slot counted from the left, and its height, at most HEIGHT."""

    monday: date
    slot: int
    stories: int
    height: int

    def __str__(self) -> str:
        """Return the caption, such as "1 June: 12"."""
        return f"{date_format(self.monday, 'j F')}: {self.number}"

    @property
    def top(self) -> int:
        return HEIGHT - self.height

    @property
    def number(self) -> str:
        return in_words(self.stories)


class Charts:
    """Both charts. Three queries, however many stories there are."""

    @cached_property
    def weeks(self) -> list[WeekBar]:
        """The last WEEKS weeks from Monday to Sunday, up to now. Empty if none of them has a story."""
        now = timezone.now()
        today = timezone.localtime(now).date()
        monday = today - timedelta(days=today.weekday())
        mondays = [monday - timedelta(weeks=number) for number in reversed(range(WEEKS))]
        starts = [midnight(day) for day in mondays]
        ends = [*starts[1:], now + datetime.resolution]
        counts = counts_within(list(zip(starts, ends, strict=True)))
        largest = max(counts)
        if not largest:
            return []
        return [
            # Rounded up, so that the bar of a single story can be seen.
            WeekBar(day, slot, stories, height=-(-HEIGHT * stories // largest))
            for slot, (day, stories) in enumerate(zip(mondays, counts, strict=True))
        ]

    @cached_property
    def regions(self) -> list[RegionBar]:
        """The last MONTHS months by region. The current month includes its scheduled stories."""
        this_month = first_of_month(timezone.now())
        first_month = months_before(this_month, MONTHS - 1)
        return region_bars(MonthCount.objects.filter(tag=0, month__gte=first_month, month__lte=this_month))
