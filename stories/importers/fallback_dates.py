"""Publish dates for stories whose file has none."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from .item import Rejected


@dataclass(frozen=True)
class FallbackDates:
    """One date per day, counted back from the newest story. Without `newest`, stories get no date."""

    newest: date | None
    is_required: bool  # published stories need a date, drafts don't

    def check(self) -> None:
        """Raise Rejected if a date is required and the operator gave none."""
        if self.newest is None and self.is_required:
            raise Rejected("has no dates: add --newest YYYY-MM-DD")

    def at(self, position: int) -> datetime | None:
        """Return noon of the story's day. `position` counts from 0, the newest story of the listing.

        Raises Rejected.
        """
        self.check()
        if self.newest is None:
            return None
        try:
            return make_aware(datetime.combine(self.newest - timedelta(days=position), time(12)))
        except (OverflowError, ValueError) as error:
            raise Rejected(f"is too far down the listing: no date is {position:,} days before {self.newest}") from error
