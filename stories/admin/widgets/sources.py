"""The sources on the story form: a row for each, with its address and its label, in the order of the rows."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from stories.models import Source
from stories.text.normalize import printable

EMPTY_ROWS = 1
MOST_SOURCES = 50


class SourceRows(forms.Widget):
    class Media:
        js = [
            "admin/elements.js",
            "admin/answers.js",
            *(forms.widgets.Script(f"admin/{name}.js", defer=True) for name in ("sources", "link-titles")),
        ]

    def render(self, name, value, attrs=None, renderer=None):
        rows = [*(value or []), *[("", "")] * EMPTY_ROWS]
        return render_to_string("admin/stories/story/_sources.html", {"name": name, "rows": rows, "id": attrs["id"]})

    def value_from_datadict(self, data, files, name):
        return [list(row) for row in zip(data.getlist(f"{name}-url"), data.getlist(f"{name}-label"), strict=False)]

    def value_omitted_from_data(self, data, files, name):
        return f"{name}-url" not in data

    def id_for_label(self, id_):
        return f"{id_}-url-1"


class SourcesField(forms.Field):
    """Cleans to a list of [address, label], without the empty rows."""

    widget = SourceRows

    def clean(self, value):
        rows = [self.clean_row(*row) for row in filled(value)]
        if len(rows) > MOST_SOURCES:
            raise ValidationError(f"A story has at most {MOST_SOURCES} sources.")
        urls = [url for url, _label in rows]
        if twice := next((url for url in urls if urls.count(url) > 1), None):
            raise ValidationError(f"This source is listed twice: {twice}")
        return rows

    def clean_row(self, url, label):
        try:
            return [_clean("url", url), _clean("label", label)]
        except ValidationError as error:
            said = (url or label)[:60]
            raise ValidationError(f"“{said}” can't be a source: {' '.join(error.messages)}") from None

    def has_changed(self, initial, data):
        return [list(row) for row in initial or []] != filled(data)


def filled(rows) -> list:
    return [[part.strip() for part in row] for row in rows or [] if any(part.strip() for part in row)]


def rows_typed(rows) -> list:
    """Those that are right, as a list of [address, label], while others are still being typed."""
    right = []
    for row in filled(rows)[:MOST_SOURCES]:
        with suppress(ValidationError):
            right.append(SourcesField().clean_row(*row))
    return right


def _clean(name, value):
    """By the rules of the box, which adds a scheme, and then by those of the column."""
    column = Source._meta.get_field(name)
    return printable(column.clean(column.formfield().clean(value), None))
