"""Filters of the story list. Each offers a bounded number of choices, however many tags and months there are."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.admin.base.bounded_list import MAX_ROWS
from stories.listings.months import following_month, midnight
from stories.models import MonthCount, Source, Status, Story, StoryTag, Tag

# Last saved stories whose writers and tags become choices.
MAX_SAMPLED_STORIES = 300
MAX_CHOICES = 12
# Last saved stories in which MissingFilter looks. A search of a million for a few would read them all.
MAX_CHECKED_STORIES = 10_000


class StateFilter(admin.SimpleListFilter):
    """Filter by status, with scheduled stories apart from published ones."""

    title = gettext_lazy("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            (Status.DRAFT, _("Draft")),
            (Status.IN_REVIEW, _("In review")),
            ("scheduled", _("Scheduled")),
            (Status.PUBLISHED, _("Published")),
            (Status.WITHDRAWN, _("Withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        if self.value() == "scheduled":
            # Few stories are scheduled. As a plain condition, databases check it on all stories in the list's order.
            scheduled = Story.objects.filter(live_at__gt=timezone.now())
            return queryset.filter(pk__in=list(scheduled.values_list("pk", flat=True)[:MAX_ROWS]))
        if self.value() == Status.PUBLISHED:
            return queryset.published()
        return queryset.filter(status=self.value()) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    """Filter by a tag: the most used ones of the last saved stories, and the selected one."""

    title = gettext_lazy("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        choices = self.recent_tags()
        if self.value() and self.value() not in choices:
            choices |= dict(Tag.objects.filter(slug=self.value()).values_list("slug", "name"))
        return list(choices.items())

    def recent_tags(self) -> dict[str, str]:
        """Return {slug: name} of the tags that most of the last saved stories have. One query."""
        sample = last_saved().values("pk")[:MAX_SAMPLED_STORIES]
        tags = StoryTag.objects.filter(content_object__in=sample).values_list("tag__slug", "tag__name")
        return most_common(tags.order_by())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(story_tags__tag__slug=self.value()) if self.value() else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Filter by a writer: oneself, the most frequent ones of the last saved stories, and the selected one."""

    title = gettext_lazy("author")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        choices = {str(request.user.pk): _("Mine")} if model_admin.has_add_permission(request) else {}
        choices |= {pk: name for pk, name in self.recent_authors().items() if pk not in choices}
        selected = self.value()
        if selected and selected not in choices:
            choices |= {str(user.pk): str(user) for user in get_user_model().objects.filter(pk=selected)}
        return list(choices.items())

    def recent_authors(self) -> dict[str, str]:
        """Return {key: name} of the users who created most of the last saved stories. One query."""
        name = f"created_by__{get_user_model().USERNAME_FIELD}"
        authors = last_saved().values_list("created_by", name)[:MAX_SAMPLED_STORIES]
        return most_common((str(pk), name) for pk, name in authors if pk)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(created_by=self.value()) if self.value() else queryset


class MissingFilter(admin.SimpleListFilter):
    """Find unfinished stories, without tags or sources, among the last saved ones."""

    title = format_lazy(gettext_lazy("Missing (latest {count})"), count=f"{MAX_CHECKED_STORIES:,}")
    template = "admin/stories/story/missing_filter.html"
    parameter_name = "missing"
    parts: dict[str, QuerySet[Model]] = {
        "tags": StoryTag.objects.filter(content_object=OuterRef("pk")),
        "sources": Source.objects.filter(story=OuterRef("pk")),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("tags", _("No tags")), ("sources", _("No sources"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Filter by the part that is missing. Two queries."""
        part = self.parts.get(self.value() or "")
        if part is None:
            return queryset
        latest = Story.objects.filter(pk__in=last_saved().values("pk")[:MAX_CHECKED_STORIES])
        incomplete = latest.exclude(Exists(part)).order_by("-updated_at", "-pk")
        return queryset.filter(pk__in=list(incomplete.values_list("pk", flat=True)[:MAX_ROWS]))


class MonthFilter(admin.SimpleListFilter):
    """Filter by the year or month of the publish date. Months are offered for the selected year, at first the newest."""

    title = gettext_lazy("publish date")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        counts = MonthCount.objects.filter(tag=0, region=0, stories__gt=0)
        months = list(counts.order_by("-month").values_list("month", flat=True))
        years = list(dict.fromkeys(f"{month:%Y}" for month in months))
        selected_year = (self.value() or "")[:4]
        open_year = selected_year if selected_year in years else next(iter(years), None)
        choices = []
        for year in years:
            choices.append((year, year))
            if year == open_year:
                in_year = [month for month in months if f"{month:%Y}" == year]
                choices += [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in in_year]
        return choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        try:
            start, end = parse_period(self.value() or "")
        except (ValueError, OverflowError):
            return queryset.none()
        return queryset.filter(published_at__gte=start, published_at__lt=end)


def parse_period(text: str) -> tuple[datetime, datetime]:
    """Return the first moment of a year or month such as "2026" or "2026-06", and of the one after it.

    Raise ValueError or OverflowError for anything else.
    """
    year, _separator, month = text.partition("-")
    first_day = date(int(year), int(month or 1), 1)
    next_first_day = following_month(first_day) if month else date(int(year) + 1, 1, 1)
    return midnight(first_day), midnight(next_first_day)


def last_saved() -> QuerySet[Story]:
    """Return all stories, last saved first, to be sliced."""
    return Story.objects.order_by("-updated_at", "-pk")


def most_common(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return {key: name} of the MAX_CHOICES most frequent (key, name) pairs, by frequency, then name."""
    counted = Counter(pairs).most_common(MAX_CHOICES)
    return dict(pair for pair, _count in sorted(counted, key=lambda item: (-item[1], item[0][1])))
