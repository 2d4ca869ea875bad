"""The publish date on the story form, in the newsroom's time zone, with warnings about unlikely dates.

Every clock time is accepted. A time that occurs twice, when the clocks go back, means its first occurrence. A time
that the clocks skip is moved forward.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.admin.base.times import format_time


class ScheduleWidgetMixin(forms.SplitDateTimeWidget):
    """Widget with one input for the date and one for the time. Django labels neither."""

    class Media:
        js = ["admin/elements.js", Script("admin/schedule.js", defer=True)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for widget, name in zip(
            self.widgets, (gettext_lazy("Publish date"), gettext_lazy("Publish time")), strict=True
        ):
            widget.attrs["aria-label"] = name
        self.widgets[0].attrs["data-zone"] = timezone.get_default_timezone_name()


class ScheduleWidget(ScheduleWidgetMixin, AdminSplitDateTime):
    pass


class NativeScheduleWidget(ScheduleWidgetMixin):
    """Widget with the browser's own calendar and clock: the admin's would open behind a dialog."""

    def __init__(self) -> None:
        super().__init__(
            date_format="%Y-%m-%d", time_format="%H:%M", date_attrs={"type": "date"}, time_attrs={"type": "time"}
        )


class ScheduleField(forms.SplitDateTimeField):
    def has_changed(self, initial: datetime | None, data: Any) -> bool:
        """Compare by the minute: the inputs don't show seconds."""
        try:
            return wall_clock(self.clean(data)) != wall_clock(initial)
        except forms.ValidationError:
            return True

    def compress(self, data_list: Any) -> datetime | None:
        """Raise ValidationError for a date without a time, or for a year outside the range of datetime."""
        if not data_list:
            return None
        # In UTC every clock time is valid, so the parent class checks for missing parts only.
        with timezone.override(UTC):
            typed = super().compress(data_list)
        try:
            return typed and resolve_clock_time(typed.replace(tzinfo=None))
        except OverflowError:
            raise forms.ValidationError(_("Enter a valid date.")) from None


def resolve_clock_time(typed: datetime) -> datetime:
    """Return the UTC time at which the newsroom's clocks show `typed`, a naive datetime.

    Return the first occurrence of a time that occurs twice, and an hour later for a time that is skipped.
    """
    return typed.replace(tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def wall_clock(when: datetime | None) -> datetime | None:
    """Return the naive local time that the inputs show, without seconds."""
    return when and timezone.localtime(when).replace(tzinfo=None, second=0, microsecond=0, fold=0)


def describe_zone(when: datetime) -> str:
    """Return the newsroom's zone at this time, such as "London time, UTC+1"."""
    minutes = int((timezone.localtime(when).utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    city = timezone.get_default_timezone_name().split("/")[-1].replace("_", " ")
    return _("%(city)s time, %(offset)s") % {"city": city, "offset": offset} if city != "UTC" else "UTC"


def schedule_warnings(typed: datetime, saved: datetime) -> list[str]:
    """Return warnings about a naive clock time and the UTC time that was saved for it."""
    warnings = []
    local = timezone.localtime(saved)
    if local.replace(tzinfo=None, fold=0) != typed:
        warning = _("The clocks go forward and skip %(clock)s that day: the publish date is now %(time)s.")
        warnings.append(warning % {"clock": f"{typed:%H:%M}", "time": format_time(saved)})
    elif local.utcoffset() != local.replace(fold=1).utcoffset():
        warning = _("The clocks go back and show %(clock)s twice that day: the first was saved, %(zone)s.")
        warnings.append(warning % {"clock": f"{typed:%H:%M}", "zone": describe_zone(saved)})
    if saved < timezone.now() - timedelta(minutes=1):
        warnings.append(_("The publish date is in the past: %(time)s.") % {"time": format_time(saved)})
    return warnings


class ScheduleMixin(admin.ModelAdmin):
    """ModelAdmin of stories that warns about unlikely publish dates after saving."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        saved = form.cleaned_data["published_at"]
        if saved and "published_at" in form.changed_data:
            bound = form["published_at"]
            day, time = (field.clean(text) for field, text in zip(bound.field.fields, bound.data, strict=True))
            for warning in schedule_warnings(datetime.combine(day, time), saved):
                self.message_user(request, warning, messages.WARNING)
