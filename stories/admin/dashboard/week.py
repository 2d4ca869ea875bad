"""The dashboard's calendar: stories that appear today and on the six days after, by the newsroom's clocks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from stories.listings.months import midnight
from stories.models import Story

from .ranges import counts_within, first_within, in_words

DAYS = 7
# Stories shown for each day, and in the list of those published today.
MAX_SHOWN = 6


@dataclass(frozen=True)
class Day:
    """A day with its first scheduled stories; `total` counts all of them."""

    date: date
    stories: list[Story]
    total: int
    is_today: bool

    @property
    def more(self) -> int:
        """The number of stories that are not shown."""
        return self.total - len(self.stories)


class WeekCalendar:
    """The scheduled stories from now to the seventh midnight, and those published today. Four queries."""

    def __init__(self) -> None:
        now = timezone.now()
        self.today = timezone.localtime(now).date()
        midnights = [midnight(self.today + timedelta(days=number)) for number in range(DAYS + 1)]
        # Ranges leave out their end, and a story that appears this very moment is published.
        start_of_future = now + datetime.resolution
        self.today_so_far = midnights[0], start_of_future
        self.coming_days = list(zip([start_of_future, *midnights[1:]], midnights[1:], strict=False))

    @cached_property
    def counts(self) -> list[int]:
        """The number of stories published today, then of those scheduled for each day."""
        return counts_within([self.today_so_far, *self.coming_days])

    @cached_property
    def days(self) -> list[Day]:
        stories_by_day: dict[date, list[Story]] = {}
        for story in first_within(self.coming_days, MAX_SHOWN):
            stories_by_day.setdefault(timezone.localtime(story.live_at).date(), []).append(story)
        dates = [self.today + timedelta(days=number) for number in range(DAYS)]
        return [
            Day(day, stories_by_day.get(day, []), total, is_today=day == self.today)
            for day, total in zip(dates, self.counts[1:], strict=True)
        ]

    @property
    def published_today(self) -> str:
        """The number of stories published today as text, such as "3"; empty for none."""
        return in_words(self.counts[0]) if self.counts[0] else ""

    @cached_property
    def latest_today(self) -> list[Story]:
        """The latest stories published today, newest first. One query."""
        start, end = self.today_so_far
        today = Story.objects.filter(live_at__gte=start, live_at__lt=end)
        return list(today.select_related("region").defer("body").newest_first()[:MAX_SHOWN])

    @property
    def scheduled(self) -> int:
        """The number of stories scheduled for these days."""
        return sum(self.counts[1:])
