"""The newsroom's calendar: days and months begin at midnight in its time zone."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """Return the first moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def first_of_month(moment: datetime) -> date:
    """Return the first day of the month that contains a moment."""
    return timezone.localtime(moment).date().replace(day=1)


def following_month(first_day: date) -> date:
    return (first_day + timedelta(days=31)).replace(day=1)


def months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def months_before(first_day: date, number: int) -> date:
    years, month = divmod(first_day.year * 12 + first_day.month - 1 - number, 12)
    return date(years, month + 1, 1)
