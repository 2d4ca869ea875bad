"""What readers may narrow a list by: read from the address and checked here. The Listing is what then filters.

A value that makes no sense is an error, never silently ignored.
"""

import datetime
from functools import cached_property, partial

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from stories.listings.months import midnight
from stories.models import FIRST_MOMENT, LAST_MOMENT, Region, Story, Tag

from .navigation import get_region, get_regions

SELECT, OPTION = "<select{}>{}\n</select>", '\n  <option value="{}"{}>{}</option>\n'


class TermField(forms.CharField):
    """A region or tag by its address or any of its names, looked up by `find`; cleans to the term itself."""

    def __init__(self, *, model, **kwargs):
        super().__init__(max_length=100, **kwargs)
        self.model, self.find = model, model.objects.get_by_any_slug

    def widget_attrs(self, widget):
        """A select has no length."""
        return {} if isinstance(widget, forms.Select) else super().widget_attrs(widget)

    def prepare_value(self, value):
        """A page is not to grow with what was typed."""
        return value[: self.max_length] if isinstance(value, str) else value

    def clean(self, value):
        value = super().clean(value)
        try:
            return self.find(value) if value else None
        except self.model.DoesNotExist:
            raise ValidationError(f"There is no {self.model._meta.verbose_name} “{value}”.") from None


class PlainSelect(forms.Select):
    """As Django's, but drawn here: a template for each option takes ten times as long."""

    def render(self, name, value, attrs=None, renderer=None):
        attributes = {"name": name} | self.build_attrs(self.attrs, attrs)
        chosen = {value or "": mark_safe(" selected")}
        options = format_html_join("", OPTION, ((slug, chosen.get(slug, ""), label) for slug, label in self.choices))
        return format_html(SELECT, flatatt(attributes), options)


class PlainDateInput(forms.DateInput):
    """Drawn here for the same reason."""

    input_type = "date"

    def format_value(self, value):
        """A page is not to grow with what was typed: no day is longer."""
        return (super().format_value(value) or "")[:10] or None

    def render(self, name, value, attrs=None, renderer=None):
        attributes = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", flatatt(attributes | self.build_attrs(self.attrs, attrs)))


class TermFilter(django_filters.Filter):
    field_class = TermField


class DayFilter(django_filters.DateFilter):
    def __init__(self, **kwargs):
        super().__init__(widget=PlainDateInput, **kwargs)


class StoryFilter(django_filters.FilterSet):
    """Narrows by nothing; its subclasses do. A month's own pages are not narrowed by dates."""

    class Meta:
        model = Story
        fields = []

    @cached_property
    def is_asked(self) -> bool:
        """Whether the address narrows the list, or tries to. Mostly it does not, and then no form is made: it takes long."""
        return any(self.data.get(name) for name in self.filters)

    def is_valid(self):
        return not self.is_asked or super().is_valid()

    def limits(self) -> dict:
        """What was given, as a Listing takes it; both days are included. Only when valid."""
        limits = dict(self._given())
        for name, days in (("since", 0), ("until", 1)):
            if name in limits:
                day = min(max(limits[name], FIRST_MOMENT.date()), LAST_MOMENT.date())
                limits[name] = midnight(day + datetime.timedelta(days=days))
        return limits

    def terms(self) -> dict[str, str]:
        """{parameter: value} of what was given, each in the one spelling its address has. Only when valid."""
        return {name: getattr(value, "slug", None) or value.isoformat() for name, value in self._given()}

    def has_dates(self) -> bool:
        return any(self.data.get(name) for name in ("since", "until"))

    def _given(self):
        return [(name, value) for name, value in self.form.cleaned_data.items() if value] if self.is_asked else []


class ByRegion(StoryFilter):
    region = TermFilter(label="Region", model=Region, widget=PlainSelect)

    @cached_property
    def form(self):
        form = super().form
        field = form.fields["region"]
        field.find = partial(get_region, self.request)
        field.widget.choices = [
            ("", "All regions"),
            *((region.slug, region.name) for region in get_regions(self.request)),
        ]
        return form


class ByTag(StoryFilter):
    tag = TermFilter(label="Tag", model=Tag)


class ByDate(StoryFilter):
    since = DayFilter(label="From")
    until = DayFilter(label="To")


class ByRegionAndDate(ByDate, ByRegion):
    pass


class ByTagAndDate(ByDate, ByTag):
    pass
