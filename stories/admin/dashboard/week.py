"""The week's calendar of the dashboard: what appears today and on the six days after, by the newsroom's clocks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from stories.listings.months import midnight
from stories.models import Story

from .ranges import counts_within, first_within, in_words

DAYS = 7
SHOWN = 6


@dataclass(frozen=True)
class Day:
    date: date
    stories: list[Story]
    total: int
    is_today: bool

    @property
    def more(self) -> int:
        return self.total - len(self.stories)


class Week:
    """From this moment to the seventh midnight. Three queries, one more for what was published today."""

    def __init__(self):
        now = timezone.now()
        self.today = timezone.localtime(now).date()
        midnights = [midnight(self.today + timedelta(days=number)) for number in range(DAYS + 1)]
        self.so_far = midnights[0], now + datetime.resolution
        self.ranges = list(zip([self.so_far[1], *midnights[1:]], midnights[1:], strict=False))

    @cached_property
    def counts(self) -> list[int]:
        return counts_within([self.so_far, *self.ranges])

    @cached_property
    def days(self) -> list[Day]:
        found = {}
        for story in first_within(self.ranges, SHOWN):
            found.setdefault(timezone.localtime(story.live_at).date(), []).append(story)
        dates = [self.today + timedelta(days=number) for number in range(DAYS)]
        return [
            Day(day, found.get(day, []), total, is_today=day == self.today)
            for day, total in zip(dates, self.counts[1:], strict=True)
        ]

    @property
    def published_today(self) -> str:
        """How many, in words; empty for none."""
        return in_words(self.counts[0]) if self.counts[0] else ""

    @cached_property
    def latest_today(self) -> list[Story]:
        start, end = self.so_far
        return list(
            Story.objects.filter(live_at__gte=start, live_at__lt=end)
            .select_related("region")
            .defer("body")
            .newest_first()[:SHOWN]
        )

    @property
    def to_come(self) -> int:
        return sum(self.counts[1:])
