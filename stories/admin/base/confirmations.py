"""Forms that ask for confirmation once: saving again confirms."""

import json
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from stories.models import Tag


class HiddenJSONField(forms.JSONField):
    """Hidden JSON value that the browser sends back unchanged.

    Huge numbers and deep nesting make Python's JSON parser raise errors that forms.JSONField doesn't catch.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("The form data is incomplete. Reload the page and try again.")) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return initial


class ConfirmationForm(forms.Form):
    """Base form that can ask for confirmation. Templates must render the hidden field `asked`."""

    # The subjects asked about before.
    asked = HiddenJSONField(required=False)

    def ask(self, field: str | None, subject: str, question: str) -> None:
        """Add an error to this field unless the user was asked about the subject before. Call it in clean()."""
        asked = self.cleaned_data.get("asked")
        asked = asked if isinstance(asked, list) else []
        if subject in asked:
            return
        self.add_error(field, question)
        self.set_data("asked", json.dumps([*asked, subject]))

    def set_data(self, field: str, value: str) -> None:
        """Replace a submitted value, for showing the form again."""
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix(field)] = value
        self.data = data


def confirm_new_tags(form: ConfirmationForm, field: str) -> None:
    """Ask before creating a tag that is spelled like an existing one. Three queries for each new tag."""
    names = form.cleaned_data[field]
    known = Tag.objects.named(names)
    for name in names:
        if name not in known and (similar := Tag.objects.similar_to(name)):
            question = _("Did you mean %(tags)s? Save again to create the new tag “%(name)s”.")
            suggested = get_text_list([f"“{tag}”" for tag in similar], _("or"))
            # tag-suggestions.js sends the same subject once its list has asked.
            form.ask(field, f"new tag {name}", question % {"tags": suggested, "name": name})
