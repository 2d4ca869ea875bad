"""Dates in the site's language, by the newsroom's clock."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from .languages import cache_by_language


def today() -> str:
    """Return the current day, as in "Monday 3 June 2024"."""
    # Translators: a date format for the top of each page, in the letters of Django's "date" filter.
    return date_format(timezone.localtime(), gettext("l j F Y"))


@cache_by_language(max_entries=1_000)
def format_month(first_day: date) -> str:
    """Return a month as it is written within a sentence: "June 2024", "июнь 2024"."""
    # Translators: a date format.
    month = date_format(first_day, gettext("F Y"))
    # Django's names of months begin with a capital. Its names for dates ("15 июня") don't, where the language has none.
    return month.lower() if date_format(first_day, "E").islower() else month


def dateline(moment: datetime | None) -> str:
    """Return the day of a story as a <time> element, as in "3 June 2024"."""
    if not moment:
        return gettext("Not dated yet")
    local = timezone.localtime(moment)
    return mark_safe(f'<time datetime="{local.isoformat(timespec="seconds")}">{format_day(local.date())}</time>')  # noqa: S308 (of a date)


# A list formats ten days, which takes ten times as long as the cache.
@cache_by_language(max_entries=5_000)
def format_day(day: date) -> str:
    # Translators: a date format.
    return date_format(day, gettext("j F Y"))
