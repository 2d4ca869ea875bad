"""Conventions that all K2 tag pages share, whether saved as HTML or copied as text."""

import re
from datetime import datetime

from django.utils.timezone import make_aware

from stories.text.normalize import tidy

from .item import Rejected

# One origin for both formats: they describe the same stories.
ORIGIN = "k2"
PAGE_SIZE = 10
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
TITLE = re.compile(r"Displaying items by tag:(.*)", re.DOTALL)
FOOT = re.compile(r"Page\s+(\d{1,6})\s+of\s+\d{1,6}", re.ASCII)
_DATE = re.compile(
    r"(?:\w+,?\s+)?(\d{1,2})\s+([A-Za-z]+)\.?,?\s+(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)


def tag_from_title(title: str) -> str | None:
    """Return the tag that a page title names, or None for any other title. Raises Rejected if it names no tag."""
    found = TITLE.fullmatch(title)
    if found is None:
        return None
    tag = tidy(found[1])
    if not tag:
        raise Rejected("names no tag in its title")
    return tag


def list_position(page_number: int, index: int) -> int:
    """Return an item's position in the whole listing, counted from 0. `index` is its position on the page."""
    return (page_number - 1) * PAGE_SIZE + index


def parse_date(text: str) -> datetime:
    """Parse “Thursday, 20 June 2024 14:05”, “20 June 2024” or ISO 8601, in local time. Raises Rejected."""
    try:
        found = _DATE.fullmatch(text)
        moment = _from_words(*found.groups()) if found else datetime.fromisoformat(text)
        return moment if moment.tzinfo else make_aware(moment)
    except (ValueError, OverflowError) as error:
        raise Rejected(f"has a date that can't be read: “{text[:60]}”") from error


def _from_words(day: str, month: str, year: str, hour: str | None, minute: str | None, second: str | None) -> datetime:
    names = [name for name in MONTHS if len(month) >= 3 and name.startswith(month.lower())]
    if not names:
        raise ValueError(month)
    month_number = MONTHS.index(names[0]) + 1
    return datetime(int(year), month_number, int(day), int(hour or 0), int(minute or 0), int(second or 0))
