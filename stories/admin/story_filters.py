"""The filters beside the story list. Each offers a bounded number of choices, however many tags and months there are."""

import datetime

from django.contrib import admin
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format

from stories.models import Status, Story, Tag


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
            return queryset.filter(live_at__gt=timezone.now())
        if self.value() == Status.PUBLISHED:
            return queryset.published()
        return queryset.filter(status=self.value()) if self.value() else queryset


class TagFilter(admin.SimpleListFilter):
    """The tags used most, and the one that is chosen; the tag list leads to any other."""

    title = "tag"
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        most_used = Tag.objects.annotate(uses=Count("story_tags")).filter(uses__gt=0).order_by("-uses", "name")[:12]
        choices = {tag.slug: tag.name for tag in most_used}
        if self.value() and self.value() not in choices:
            choices |= dict(Tag.objects.filter(slug=self.value()).values_list("slug", "name"))
        return list(choices.items())

    def queryset(self, request, queryset):
        return queryset.filter(story_tags__tag__slug=self.value()) if self.value() else queryset


class MonthFilter(admin.SimpleListFilter):
    title = "month"
    parameter_name = "month"

    def lookups(self, request, model_admin):
        months = Story.objects.exclude(published_at=None).datetimes("published_at", "month", order="DESC")[:18]
        return [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        try:
            first = datetime.datetime.strptime(self.value(), "%Y-%m")
            following = (first + datetime.timedelta(days=31)).replace(day=1)
        except (ValueError, OverflowError):
            return queryset.none()
        return queryset.filter(
            published_at__gte=timezone.make_aware(first), published_at__lt=timezone.make_aware(following)
        )
