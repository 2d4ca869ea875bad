"""Dates in the site's language, by the newsroom's clock."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext


def today() -> str:
    """Return the current day, as in "Monday 3 June 2024"."""
    return _format_today(timezone.localdate(), get_language())


@lru_cache(maxsize=10)
def _format_today(day: date, language: str | None) -> str:
    # Translators: a date format for the top of each page, in the letters of Django's "date" filter.
    return date_format(day, gettext("l j F Y"))


@lru_cache(maxsize=1_000)
def format_month(first_day: date, language: str | None) -> str:
    """Return a month as it is written within a sentence: "June 2024", "июнь 2024"."""
    # Translators: a date format.
    month = date_format(first_day, gettext("F Y"))
    # Django's names of months begin with a capital. Its names for dates ("15 июня") don't, where the language has none.
    return month.lower() if date_format(first_day, "E").islower() else month


@lru_cache(maxsize=1_000)
def format_short_month(first_day: date, language: str | None) -> str:
    """Return a month as in "Jun 2024"."""
    # Translators: a date format, as short as possible.
    return date_format(first_day, gettext("M Y"))


def dateline(moment: datetime | None) -> str:
    """Return the day of a story as a <time> element, as in "3 June 2024"."""
    return format_dateline(moment, get_language())


def format_dateline(moment: datetime | None, language: str | None) -> str:
    if not moment:
        return gettext("Not dated yet")
    local = timezone.localtime(moment)
    day = _format_day(local.date(), language)
    return mark_safe(f'<time datetime="{local.isoformat(timespec="seconds")}">{day}</time>')  # noqa: S308 (of a date)


@lru_cache(maxsize=5_000)
def _format_day(day: date, language: str | None) -> str:
    # Translators: a date format.
    return date_format(day, gettext("j F Y"))
