"""The sources on the story form: one row for each, with its URL and label, in the order of the rows."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stories.models import Source
from stories.text.normalize import printable

EMPTY_ROWS = 1
MAX_SOURCES = 50
# Characters of a wrong source that an error message repeats.
MAX_QUOTED_CHARS = 60


class SourceRows(forms.Widget):
    class Media:
        js = [
            "admin/elements.js",
            "admin/answers.js",
            *(forms.widgets.Script(f"admin/{name}.js", defer=True) for name in ("sources", "link-titles")),
        ]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [*(value or []), *[("", "")] * EMPTY_ROWS]
        return render_to_string("admin/stories/story/_sources.html", {"name": name, "rows": rows, "id": attrs["id"]})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[list[str]]:
        return [list(row) for row in zip(data.getlist(f"{name}-url"), data.getlist(f"{name}-label"), strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-url" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-url-1"


class SourcesField(forms.Field):
    """Field that cleans to a list of [url, label], without the empty rows."""

    widget = SourceRows

    def clean(self, value: Any) -> list[list[str]]:
        rows = [self.clean_row(*row) for row in drop_empty_rows(value)]
        if len(rows) > MAX_SOURCES:
            raise ValidationError(_("Enter at most %(count)s sources.") % {"count": MAX_SOURCES})
        urls = [url for url, _label in rows]
        if repeated := next((url for url in urls if urls.count(url) > 1), None):
            raise ValidationError(_("This source is listed twice: %(url)s") % {"url": repeated})
        return rows

    def clean_row(self, url: str, label: str) -> list[str]:
        """Return [url, label], with a scheme added to the URL. Raise ValidationError that names the row."""
        try:
            return [_clean("url", url), _clean("label", label)]
        except ValidationError as error:
            message = _("“%(text)s” can't be a source: %(reason)s")
            parts = {"text": (url or label)[:MAX_QUOTED_CHARS], "reason": " ".join(error.messages)}
            raise ValidationError(message % parts) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [list(row) for row in initial or []] != drop_empty_rows(data)


def drop_empty_rows(rows: Iterable[Sequence[str]] | None) -> list[list[str]]:
    """Strip spaces from [url, label] rows and leave out rows with neither."""
    return [[part.strip() for part in row] for row in rows or [] if any(part.strip() for part in row)]


def valid_rows(rows: Iterable[Sequence[str]] | None) -> list[list[str]]:
    """Return the valid rows as [url, label], while the user is still typing others."""
    valid = []
    for row in drop_empty_rows(rows)[:MAX_SOURCES]:
        with suppress(ValidationError):
            valid.append(SourcesField().clean_row(*row))
    return valid


def _clean(name: str, value: str) -> str:
    """Clean by the form field, which adds a scheme to a URL, then by the model field."""
    column = cast(Field, Source._meta.get_field(name))
    form_field = cast(forms.Field, column.formfield())
    return printable(column.clean(form_field.clean(value), None))
