"""The filters beside the story list. Each offers a bounded number of choices, however many tags and months there are."""

from collections import Counter
from datetime import date

from django.contrib import admin
from django.utils import timezone

from stories.models import MonthCount, Status, Story, StoryTag, Tag
from stories.months import following_month, midnight

from .bounded import MOST


class StateFilter(admin.SimpleListFilter):
    """The statuses, with the published ones told apart by whether their time has come."""

    title = "status"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            (Status.DRAFT, "Draft"),
            (Status.IN_REVIEW, "In review"),
            ("scheduled", "Scheduled"),
            (Status.PUBLISHED, "Published"),
            (Status.WITHDRAWN, "Withdrawn"),
        ]

    def queryset(self, request, queryset):
        if self.value() == "scheduled":
            # They are few; as a condition like any other, databases look for it through all stories, newest saved first.
            return queryset.filter(
                pk__in=list(Story.objects.filter(live_at__gt=timezone.now()).values_list("pk", flat=True)[:MOST])
            )
        if self.value() == Status.PUBLISHED:
            return queryset.published()
        return queryset.filter(status=self.value()) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    """The tags used most of late, and the one that is chosen; the tag list leads to any other."""

    title = "tag"
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        choices = self.most_used()
        if self.value() and self.value() not in choices:
            choices |= dict(Tag.objects.filter(slug=self.value()).values_list("slug", "name"))
        return list(choices.items())

    def most_used(self) -> dict[str, str]:
        """{slug: name} of the tags that most of the newest stories have. One query."""
        newest = Story.objects.order_by("-updated_at", "-pk").values("pk")[:300]
        names = StoryTag.objects.filter(content_object__in=newest).values_list("tag__slug", "tag__name")
        most = Counter(names.order_by()).most_common(12)
        return dict(slug_and_name for slug_and_name, _ in sorted(most, key=lambda found: (-found[1], found[0][1])))

    def queryset(self, request, queryset):
        return queryset.filter(story_tags__tag__slug=self.value()) if self.value() else queryset


class MonthFilter(admin.SimpleListFilter):
    """Years, and the months of the one that is chosen, at first of the newest: by the publish date."""

    title = "publish date"
    parameter_name = "month"

    def lookups(self, request, model_admin):
        kept = MonthCount.objects.filter(tag=0, region=0, stories__gt=0)
        months = list(kept.order_by("-month").values_list("month", flat=True))
        years = list(dict.fromkeys(f"{month:%Y}" for month in months))
        open_year = (self.value() or "")[:4] if (self.value() or "")[:4] in years else next(iter(years), None)
        choices = []
        for year in years:
            choices.append((year, year))
            if year == open_year:
                choices += [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months if f"{month:%Y}" == year]
        return choices

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        try:
            year, _, month = self.value().partition("-")
            first_day = date(int(year), int(month or 1), 1)
            beyond = following_month(first_day) if month else date(int(year) + 1, 1, 1)
            return queryset.filter(published_at__gte=midnight(first_day), published_at__lt=midnight(beyond))
        except (ValueError, OverflowError):
            return queryset.none()
