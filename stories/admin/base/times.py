"""Times as the editors' screens show them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def format_time(when: datetime) -> str:
    """Return the time by the newsroom's clocks, such as "3 Jun 2026, 14:05"."""
    return date_format(timezone.localtime(when), "j M Y, H:i")
