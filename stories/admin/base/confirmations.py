"""Questions that a form asks once: saving again is the answer."""

import json

from django import forms
from django.core.exceptions import ValidationError

from stories.models import Tag


class HiddenJSONField(forms.JSONField):
    """What a form was given, and sends back: also numbers and depths that Python's own reader does not take for wrong JSON."""

    widget = forms.HiddenInput

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError("The form was not sent whole. Open it again.") from error

    def bound_data(self, data, initial):
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return initial


class ConfirmationForm(forms.Form):
    # The subjects of what was asked before; to be rendered with the form.
    asked = HiddenJSONField(required=False)

    def ask(self, field: str | None, subject: str, question: str) -> None:
        """An error at this field, unless the form that came in was asked about this already. For clean()."""
        asked = self.cleaned_data.get("asked")
        asked = asked if isinstance(asked, list) else []
        if subject in asked:
            return
        self.add_error(field, question)
        self.data = self.data.copy()
        self.data[self.add_prefix("asked")] = json.dumps([*asked, subject])


def confirm_new_tags(form, field: str) -> None:
    """Whether a new tag is meant to be one that is there: three queries for each new one."""
    names = form.cleaned_data[field]
    known = Tag.objects.named(names)
    for name in names:
        if name not in known and (near := Tag.objects.similar_to(name)):
            there = " or ".join(f"“{tag}”" for tag in near)
            # The tag box answers it when its own list has asked.
            form.ask(field, f"new tag {name}", f"There is {there}. Save again to make “{name}” a tag of its own.")
