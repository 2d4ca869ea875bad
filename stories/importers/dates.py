"""When a story was published: as K2 writes it, or by its place in a listing that has no dates."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from .item import Refused

PAGE_SIZE = 10
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_K2_DATE = re.compile(
    r"(?:\w+,?\s+)?(\d{1,2})\s+([A-Za-z]+)\.?,?\s+(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)


@dataclass(frozen=True)
class Undated:
    """Dates for stories that have none: a day each, back from the newest. Required of what is published."""

    newest: date | None
    is_required: bool

    def at(self, position: int) -> datetime | None:
        """For the story at this place in the whole listing, 0 being the newest. Raises Refused."""
        if self.newest is None:
            if self.is_required:
                raise Refused("has no dates: say --newest YYYY-MM-DD")
            return None
        try:
            return make_aware(datetime.combine(self.newest - timedelta(days=position), time(12)))
        except (OverflowError, ValueError) as error:
            raise Refused(f"{position} days before {self.newest} is no date") from error


def list_position(page_number: int, index: int) -> int:
    """The place in the whole listing of the item with this index, 0 being the first, on this page."""
    return (page_number - 1) * PAGE_SIZE + index


def local_datetime(text: str) -> datetime:
    """“Thursday, 20 June 2024 14:05”, “20 June 2024” or ISO 8601, in local time. Raises Refused."""
    try:
        found = _K2_DATE.fullmatch(text)
        moment = _from_words(*found.groups()) if found else datetime.fromisoformat(text)
        return moment if moment.tzinfo else make_aware(moment)
    except (ValueError, OverflowError) as error:
        raise Refused(f"its date “{text[:60]}” can't be read") from error


def _from_words(day, month, year, *clock):
    names = [name for name in MONTHS if len(month) >= 3 and name.startswith(month.lower())]
    if not names:
        raise ValueError(month)
    return datetime(int(year), MONTHS.index(names[0]) + 1, int(day), *(int(part or 0) for part in clock))
