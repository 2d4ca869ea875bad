"""The publish date on the story form: in the newsroom's time zone, and what is to be said of a date one may not have meant.

No clock time is refused. One that summer time repeats is taken the first time; one that it skips is moved forward.
"""

from datetime import UTC, datetime, timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.forms.widgets import Script
from django.utils import timezone

from stories.admin.base.moments import moment


class NamedBoxes:
    """For a widget with a box for the date and one for the time; Django names neither."""

    class Media:
        js = ["admin/elements.js", Script("admin/schedule.js", defer=True)]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for box, name in zip(self.widgets, ("Publish date", "Publish time"), strict=True):
            box.attrs["aria-label"] = name
        self.widgets[0].attrs["data-zone"] = timezone.get_default_timezone_name()


class ScheduleBoxes(NamedBoxes, AdminSplitDateTime):
    pass


class PickerBoxes(NamedBoxes, forms.SplitDateTimeWidget):
    """With the browser's own calendar and clock: the admin's would open behind a dialog."""

    def __init__(self):
        super().__init__(
            date_format="%Y-%m-%d", time_format="%H:%M", date_attrs={"type": "date"}, time_attrs={"type": "time"}
        )


class ScheduleField(forms.SplitDateTimeField):
    def has_changed(self, initial, data):
        """Seconds that the boxes don't show are no change."""
        try:
            return wall_clock(self.clean(data)) != wall_clock(initial)
        except forms.ValidationError:
            return True

    def compress(self, data_list):
        """Raises ValidationError for half a date, and for a year that no zone can place."""
        if not data_list:
            return None
        # Two boxes that a clock can show, taken as UTC, are checked by the rules of the class.
        with timezone.override(UTC):
            typed = super().compress(data_list)
        try:
            return placed(typed.replace(tzinfo=None))
        except OverflowError:
            raise forms.ValidationError("No calendar has this date.") from None


def placed(typed: datetime) -> datetime:
    """The moment at which the newsroom's clocks show this, the first if there are two; if there is none, an hour later."""
    return typed.replace(tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def wall_clock(when: datetime | None) -> datetime | None:
    """What the boxes show of a moment: seconds go, and which of two equal hours it is."""
    return when and timezone.localtime(when).replace(tzinfo=None, second=0, microsecond=0, fold=0)


def zone_line(when: datetime) -> str:
    """ "London time, UTC+1"."""
    local = timezone.localtime(when)
    minutes = int(local.utcoffset().total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
    city = timezone.get_default_timezone_name().split("/")[-1].replace("_", " ")
    return f"{city} time, {offset}" if city != "UTC" else "UTC"


def schedule_warnings(typed: datetime, taken: datetime) -> list[str]:
    """What the writer should know of the clock time typed and the moment taken for it."""
    said = []
    local = timezone.localtime(taken)
    if local.replace(tzinfo=None, fold=0) != typed:
        said.append(f"Summer time skips {typed:%H:%M} on that day: the publish date was moved to {moment(taken)}.")
    elif local.utcoffset() != local.replace(fold=1).utcoffset():
        said.append(f"The clocks show {typed:%H:%M} twice on that day: the first was taken, {zone_line(taken)}.")
    if taken < timezone.now() - timedelta(minutes=1):
        said.append(f"The publish date is in the past: {moment(taken)}.")
    return said


class ScheduleMixin:
    """For the ModelAdmin of stories."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        taken = form.cleaned_data["published_at"]
        if taken and "published_at" in form.changed_data:
            box = form["published_at"]
            day, time = (field.clean(text) for field, text in zip(box.field.fields, box.data, strict=True))
            for said in schedule_warnings(datetime.combine(day, time), taken):
                self.message_user(request, said, messages.WARNING)
