"""The chart of stories by month, made from the months that a listing has read already.

It shows two years at a time, and links to earlier and later ones. A template draws it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .listing import Listing, Month
from .months import months_before, months_between

MONTHS_SHOWN = 24
HEIGHT, MIN_BAR_HEIGHT = 40, 2  # units of the drawing


@dataclass(frozen=True)
class Bar:
    """A month with stories: its slot from the left, and the distance of its top from that of the chart."""

    month: Month
    slot: int
    top: float
    url: str
    is_current: bool


@dataclass
class Coverage:
    """The two years of a listing around its `month`, or its newest two. `url_for_month` takes a month's first day."""

    listing: Listing
    url_for_month: Callable[[date], str]

    def __bool__(self) -> bool:
        return len(self.listing.months) > 1

    @cached_property
    def last_month(self) -> date:
        """The chart's last month: the newest month with stories, or 24, 48 ... months before it."""
        newest, oldest = self.listing.months[0].first_day, self.listing.months[-1].first_day
        shown = max(oldest, min(newest, self.listing.month or newest))
        return months_before(newest, months_between(shown, newest) // MONTHS_SHOWN * MONTHS_SHOWN)

    @cached_property
    def first_month(self) -> date:
        return months_before(self.last_month, MONTHS_SHOWN - 1)

    @cached_property
    def bars(self) -> list[Bar]:
        """Bars from left to right; months without stories have none."""
        shown = [month for month in self.listing.months if self.first_month <= month.first_day <= self.last_month]
        most = max((month.stories for month in shown), default=1)
        return [
            self._bar(month, MIN_BAR_HEIGHT + (HEIGHT - MIN_BAR_HEIGHT) * month.stories / most)
            for month in reversed(shown)
        ]

    def _bar(self, month: Month, height: float) -> Bar:
        return Bar(
            month,
            slot=months_between(self.first_month, month.first_day),
            top=round(HEIGHT - height, 1),
            url=self.url_for_month(month.first_day),
            is_current=month.first_day == self.listing.month,
        )

    @property
    def newest_url(self) -> str:
        return self.url_for_month(self.listing.months[0].first_day)

    @cached_property
    def earlier_url(self) -> str | None:
        """The URL of the newest month before the chart."""
        older = [month.first_day for month in self.listing.months if month.first_day < self.first_month]
        return self.url_for_month(older[0]) if older else None

    @cached_property
    def later_url(self) -> str | None:
        """The URL of the oldest month after the chart."""
        newer = [month.first_day for month in self.listing.months if month.first_day > self.last_month]
        return self.url_for_month(newer[-1]) if newer else None
