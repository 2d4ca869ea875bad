"""The coverage chart: how many stories a listing has in each month, drawn from what the listing has read already.

It shows two years at a time; every month of a listing can be reached through it. Its drawing is a template's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .listing import Listing, Month
from .months import months_before, months_between

SPAN = 24  # months
HEIGHT = 40
# So that the lowest bars can be seen.
LOWEST = 2


@dataclass(frozen=True)
class Bar:
    """A month that has stories: its slot, counted from the left, and how far its top is from that of the chart."""

    month: Month
    slot: int
    top: float
    address: str
    is_current: bool


@dataclass
class Coverage:
    """The months of a listing around its `month`, else the newest. `url_for_month` gives a month's by its first day."""

    listing: Listing
    url_for_month: Callable[[date], str]

    def __bool__(self):
        return len(self.listing.months) > 1

    @cached_property
    def last_month(self) -> date:
        """Where the chart ends: at the newest month, or two years before it, or four ..."""
        newest, oldest = self.listing.months[0].first_day, self.listing.months[-1].first_day
        shown = max(oldest, min(newest, self.listing.month or newest))
        return months_before(newest, months_between(shown, newest) // SPAN * SPAN)

    @cached_property
    def first_month(self) -> date:
        return months_before(self.last_month, SPAN - 1)

    @cached_property
    def bars(self) -> list[Bar]:
        shown = [month for month in self.listing.months if self.first_month <= month.first_day <= self.last_month]
        most = max((month.stories for month in shown), default=1)
        return [self._bar(month, LOWEST + (HEIGHT - LOWEST) * month.stories / most) for month in reversed(shown)]

    def _bar(self, month, height):
        return Bar(
            month,
            slot=months_between(self.first_month, month.first_day),
            top=round(HEIGHT - height, 1),
            address=self.url_for_month(month.first_day),
            is_current=month.first_day == self.listing.month,
        )

    @property
    def newest_address(self) -> str:
        return self.url_for_month(self.listing.months[0].first_day)

    @cached_property
    def earlier_address(self) -> str | None:
        """Of the newest month that is too old for the chart."""
        older = [month.first_day for month in self.listing.months if month.first_day < self.first_month]
        return self.url_for_month(older[0]) if older else None

    @cached_property
    def later_address(self) -> str | None:
        newer = [month.first_day for month in self.listing.months if month.first_day > self.last_month]
        return self.url_for_month(newer[-1]) if newer else None
