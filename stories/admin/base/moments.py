"""How the screens write a moment."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def moment(when: datetime) -> str:
    """As the newsroom's clocks show it."""
    return date_format(timezone.localtime(when), "j M Y, H:i")
