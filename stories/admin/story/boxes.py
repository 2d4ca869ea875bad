"""The boxes of the story form: raw input from and for the browser, and the snapshot that they stand for.

Boxes are what a browser sends: {field: text}, but [date, time] for dates and [url, label] rows for sources.
"""

import json
import re
from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from stories.admin.widgets.schedule import ScheduleField
from stories.admin.widgets.sources import drop_empty_rows
from stories.admin.widgets.tag_box import split_lines
from stories.fields import FIELDS, Field, Kind
from stories.models import Region, Snapshot, format_minute, is_snapshot, upgrade_snapshot
from stories.text.html import sanitise_typed

Boxes = dict[str, Any]


def read_boxes(data: QueryDict) -> Boxes | None:
    """Return what a form's boxes hold; None when the browser only reports that the form is open."""
    if "headline" not in data:
        return None
    boxes = {field.name: _read(field, data) for field in FIELDS}
    boxes = {name: value for name, value in boxes.items() if value is not None}
    return boxes | {"seen": read_seen(data.get("seen", ""))}


def _read(field: Field, data: QueryDict) -> Any:
    """Return one field's input; None where the form has no box for it, as for the slug of a published story."""
    match field.kind:
        case Kind.DATE:
            return [data.get(f"{field.name}_0", ""), data.get(f"{field.name}_1", "")]
        case Kind.SOURCES:
            rows = zip(data.getlist(f"{field.name}-url"), data.getlist(f"{field.name}-label"), strict=False)
            return [list(row) for row in rows]
    return str(data[field.name]).replace("\x00", "") if field.name in data else None


def read_seen(text: str) -> Snapshot | None:
    """Return the snapshot that the form was opened with; None when it isn't one."""
    try:
        seen = upgrade_snapshot(json.loads(text))
    except (ValueError, RecursionError):
        return None
    return seen if is_snapshot(seen) else None


def to_snapshot(boxes: Boxes, base: Snapshot) -> Snapshot:
    """Return the snapshot that boxes stand for. Missing and unreadable input counts as unchanged from `base`.

    One query, for the region. Tags and sources are as typed: they may be invalid.
    """
    typed = {field.name: _to_plain(field, boxes[field.name]) for field in FIELDS if field.name in boxes}
    return base | {name: value for name, value in typed.items() if value is not None}


def _to_plain(field: Field, value: Any) -> Any:
    match field.kind:
        case Kind.RICH_TEXT:
            return sanitise_typed(value)
        case Kind.TAGS:
            return split_lines(value)
        case Kind.SOURCES:
            return drop_empty_rows(value)
        case Kind.REGION:
            region = Region.objects.filter(pk=value).first() if re.fullmatch("[0-9]{1,18}", value) else None
            return region and region.name
        case Kind.DATE:
            with suppress(ValidationError):
                return format_minute(ScheduleField(required=False).clean(value))
            return None
    return value


def fill_boxes(data: QueryDict, form: forms.BaseForm, content: Snapshot) -> QueryDict:
    """Return a copy of the form's input in which the boxes hold this snapshot. One query, for the region."""
    data = data.copy()
    for field in FIELDS:
        _fill(field, data, form, content[field.name])
    return data


def _fill(field: Field, data: QueryDict, form: forms.BaseForm, value: Any) -> None:
    match field.kind:
        case Kind.SOURCES:
            data.setlist(f"{field.name}-url", [url for url, _label in value])
            data.setlist(f"{field.name}-label", [label for _url, label in value])
        case Kind.TAGS:
            data[field.name] = "\n".join(value)
        case Kind.REGION:
            region = Region.objects.named([value]).get(value)
            data[field.name] = str(region.pk) if region else ""
        case Kind.DATE:
            widget = form.fields[field.name].widget
            parts = widget.decompress(datetime.fromisoformat(value) if value else None)
            for number, (box, part) in enumerate(zip(widget.widgets, parts, strict=True)):
                data[f"{field.name}_{number}"] = box.format_value(part) or ""
        case _:
            data[field.name] = value
