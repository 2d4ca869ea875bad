"""What readers may narrow a list by. A value that makes no sense is an error, never silently ignored."""

import datetime

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import Region, Story, Tag


class TermField(forms.CharField):
    """A region or tag by its address or any of its names; cleans to the term itself."""

    def __init__(self, *, manager, **kwargs):
        super().__init__(max_length=100, **kwargs)
        self.manager = manager

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        try:
            return self.manager.at_address(value)
        except self.manager.model.DoesNotExist:
            raise ValidationError(f"There is no {self.manager.model._meta.verbose_name} “{value}”.") from None


class TermFilter(django_filters.Filter):
    field_class = TermField


class DayFilter(django_filters.DateFilter):
    """The beginning of a day in the newsroom's time zone, `days_after` the day that was given."""

    def __init__(self, *args, days_after=0, **kwargs):
        super().__init__(*args, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)
        self.days_after = datetime.timedelta(days=days_after)

    def filter(self, queryset, value):
        if value is None:
            return queryset
        # Beyond these years a date can't be turned into every time zone.
        value = min(max(value, datetime.date(1800, 1, 1)), datetime.date(2200, 1, 1))
        midnight = datetime.datetime.combine(value + self.days_after, datetime.time.min)
        return super().filter(queryset, timezone.make_aware(midnight))


class StoryFilter(django_filters.FilterSet):
    since = DayFilter(field_name="live_at", lookup_expr="gte", label="From")
    until = DayFilter(field_name="live_at", lookup_expr="lt", label="To", days_after=1)

    class Meta:
        model = Story
        fields = []

    def terms(self) -> dict[str, str]:
        """{parameter: value} of what was given, each in the one spelling its address has. Only when valid."""
        given = {name: value for name, value in self.form.cleaned_data.items() if value}
        return {name: getattr(value, "slug", None) or value.isoformat() for name, value in given.items()}

    def has_dates(self) -> bool:
        return bool({"since", "until"} & {name for name in self.data if self.data[name]})


class RegionSelect(forms.Select):
    """The regions are read when the form is shown, not when this module is loaded."""

    def optgroups(self, name, value, attrs=None):
        self.choices = [("", "All regions"), *Region.objects.values_list("slug", "name")]
        return super().optgroups(name, value, attrs)


class TagPageFilter(StoryFilter):
    region = TermFilter(field_name="region", manager=Region.objects, widget=RegionSelect, label="Region")
    field_order = ["region", "since", "until"]


class RegionPageFilter(StoryFilter):
    tag = TermFilter(field_name="story_tags__tag", manager=Tag.objects, label="Tag")
