"""Filters that readers give in the query string: read and validated here, once for lists and search.

A Listing or a search then filters by them, in SQL. A value that makes no sense is an error, never ignored.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from stories.listings.months import midnight
from stories.models import FIRST_MOMENT, LAST_MOMENT, Region, Story, Tag

from .navigation import get_region, get_regions

MAX_NAME_CHARS = 100
DATE_CHARS = len("2026-06-15")
FIRST_DAY, LAST_DAY = FIRST_MOMENT.date(), LAST_MOMENT.date()
SELECT, OPTION = "<select{}>{}\n</select>", '\n  <option value="{}"{}>{}</option>\n'


class TermField(forms.CharField):
    """A region or tag, by its slug or any of its names. Cleans to the region or tag itself, looked up by `find`."""

    def __init__(self, *, model: type[Region] | type[Tag], **kwargs: Any) -> None:
        super().__init__(max_length=MAX_NAME_CHARS, **kwargs)
        self.model, self.find = model, model.objects.get_by_any_slug

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return no `maxlength` for a select, which HTML doesn't allow there."""
        return {} if isinstance(widget, forms.Select) else super().widget_attrs(widget)

    def prepare_value(self, value: Any) -> Any:
        """Cut what the page repeats, or its size would grow with the input's."""
        return value[:MAX_NAME_CHARS] if isinstance(value, str) else value

    def clean(self, value: Any) -> Region | Tag | None:
        value = super().clean(value)
        try:
            return self.find(value) if value else None
        except self.model.DoesNotExist:
            raise ValidationError(self.error_messages["not_found"], params={"name": value}) from None


class MonthField(forms.DateField):
    """A month as in 2026-06. Cleans to its first day."""

    default_error_messages = {"invalid": _("Enter a month as in 2026-06.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m"], **kwargs)

    def clean(self, value: Any) -> date | None:
        month = super().clean(value)
        if month and not FIRST_DAY <= month < LAST_DAY:
            raise ValidationError(_("There are no stories from that year."))
        return month


class PlainSelect(forms.Select):
    """Django's select box, rendered in Python: a template for each option takes ten times as long."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = {"name": name} | self.build_attrs(self.attrs, attrs)
        chosen = {value or "": mark_safe(" selected")}
        options = format_html_join("", OPTION, ((slug, chosen.get(slug, ""), label) for slug, label in self.choices))
        return format_html(SELECT, flatatt(attributes), options)


class PlainDateInput(forms.DateInput):
    """Django's date box, rendered in Python for the same reason."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        """Cut what the page repeats, or its size would grow with the input's."""
        return (super().format_value(value) or "")[:DATE_CHARS] or None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", flatatt(attributes | self.build_attrs(self.attrs, attrs)))


class TermFilter(django_filters.Filter):
    field_class = TermField

    def to_url(self, term: Region | Tag) -> str:
        """Return the one spelling of a value that URLs have. All filters here have this method and the next."""
        return term.slug

    def to_limit(self, term: Region | Tag) -> Region | Tag:
        """Return a value as a Listing or SearchFilters takes it."""
        return term


class DayFilter(django_filters.DateFilter):
    """A day that a list begins with or, with `is_last`, ends with."""

    def __init__(self, *, is_last: bool = False, **kwargs: Any) -> None:
        super().__init__(widget=PlainDateInput, **kwargs)
        self.is_last = is_last

    def to_url(self, day: date) -> str:
        return day.isoformat()

    def to_limit(self, day: date) -> datetime:
        """Return the moment when the day begins, or ends if it is the last one."""
        return midnight(min(max(day, FIRST_DAY), LAST_DAY) + timedelta(days=self.is_last))


class MonthFilter(django_filters.Filter):
    field_class = MonthField

    def to_url(self, month: date) -> str:
        return f"{month:%Y-%m}"

    def to_limit(self, month: date) -> date:
        return month


class StoryFilter(django_filters.FilterSet):
    """Base class of the filters of pages. It has no filter itself."""

    class Meta:
        model = Story
        fields: list[str] = []

    def __init__(self, data: Any = None, *, request: Any) -> None:
        """Take `data` from the query string. `request` holds the regions that were read already."""
        super().__init__(data, Story.objects.none(), request=request)

    @cached_property
    def has_input(self) -> bool:
        """Tell if the query string has a filter, valid or not. Mostly it has none, and building a form would be slow."""
        return self._has_any(self.filters)

    def is_valid(self) -> bool:
        return not self.has_input or super().is_valid()

    def limits(self) -> dict[str, Any]:
        """Return the values as arguments of Listing or SearchFilters; none when invalid."""
        return {name: given.to_limit(value) for name, given, value in self._given}

    def params(self) -> dict[str, str]:
        """Return the values as parameters of the page's URL; none when invalid."""
        return {name: given.to_url(value) for name, given, value in self._given}

    def has_dates(self) -> bool:
        return self._has_any(ByDate.base_filters)

    def _has_any(self, names: Iterable[str]) -> bool:
        return any((self.data or {}).get(name) for name in names)

    @cached_property
    def _given(self) -> list[tuple[str, Any, Any]]:
        """(name, filter, value) of each filter in the query string."""
        if not (self.has_input and self.is_valid()):
            return []
        return [(name, self.filters[name], value) for name, value in self.form.cleaned_data.items() if value]


class ByRegion(StoryFilter):
    region = TermFilter(
        label=_("Region"),
        model=Region,
        widget=PlainSelect,
        error_messages={"not_found": _("There is no region “%(name)s”.")},
    )

    @cached_property
    def form(self) -> forms.Form:
        form = super().form
        field = cast(TermField, form.fields["region"])
        field.find = partial(get_region, self.request)
        regions = [(region.slug, region.name) for region in get_regions(self.request)]
        field.widget.choices = [("", _("All regions")), *regions]
        return form


class ByTag(StoryFilter):
    tag = TermFilter(label=_("Tag"), model=Tag, error_messages={"not_found": _("There is no tag “%(name)s”.")})


class ByDate(StoryFilter):
    """Between two days, both included. Not for the pages of a month."""

    since = DayFilter(label=_("From"))
    until = DayFilter(label=_("To"), is_last=True)


class ByMonth(StoryFilter):
    month = MonthFilter(label=_("Month"))


class ByRegionAndDate(ByDate, ByRegion):
    pass


class ByTagAndDate(ByDate, ByTag):
    pass


class ByRegionTagAndMonth(ByRegion, ByTag, ByMonth):
    """Filters of the search page."""
