"""The story form, and the merge of its input with what somebody else has saved since it was opened."""

import json
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from stories.admin.base.confirmations import ConfirmationForm, HiddenJSONField, confirm_new_tags
from stories.admin.base.times import format_time
from stories.admin.widgets.reading_time import reading_time
from stories.admin.widgets.schedule import ScheduleField, ScheduleWidget, describe_zone, wall_clock
from stories.admin.widgets.sources import SourcesField
from stories.admin.widgets.tag_box import TagsField
from stories.fields import FIELDS, Field, Kind, columns, get_field
from stories.models import (
    Revision,
    Snapshot,
    Story,
    Tag,
    format_minute,
    is_snapshot,
    merge,
    take_snapshot,
    upgrade_snapshot,
)
from stories.text.diff import Diff, diff, field_text
from stories.text.normalize import tidy

from .boxes import fill_boxes

HIDDEN = {"seen", "token", "compared", "asked"}


def text_box() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2, "cols": None, "class": "vLargeTextField"})


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: the text both had seen, and what each made of it."""

    label: str
    base: str
    theirs: Diff
    mine: Diff


class StoryForm(ConfirmationForm, forms.ModelForm):
    # The snapshot of the story when this form was opened.
    seen = HiddenJSONField(required=False)
    # Identifies this form on this screen, see models/autosave.py.
    token = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    # Set once a conflict was shown: saving then makes a separate revision.
    compared = forms.BooleanField(required=False, widget=forms.HiddenInput)
    tags = TagsField(required=False, help_text="Press Enter to accept the suggestion, comma to add your own.")
    sources = SourcesField(required=False, help_text="The “See” links below the story.")

    class Meta:
        model = Story
        fields = [field.name for field in FIELDS if field.kind is not Kind.SOURCES]
        field_classes = {field.name: ScheduleField for field in columns() if field.kind is Kind.DATE}
        widgets = {
            **{field.name: ScheduleWidget for field in columns() if field.kind is Kind.DATE},
            **{field.name: text_box() for field in columns() if field.kind is Kind.TEXT},
            "headline": forms.TextInput(attrs={"class": "vLargeTextField", "size": None}),
        }

    # Unsaved changes to show instead of what is stored, see autosave.py.
    restored: dict[str, Any] | None = None
    conflicts: list[Conflict] = []
    # Whether somebody else has saved the story since this form was opened.
    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = take_snapshot(self.instance) if self.instance.pk else None
        self.status_before = self.instance.status
        if self.before:
            self.initial = {**self.initial, "sources": self.before["sources"], "seen": self.before}
        self._set_help_texts()
        if self.restored and not self.is_bound:
            self.initial = {**self.initial, **self.restored}

    def _set_help_texts(self) -> None:
        if "body" in self.fields:
            body = self.data.get("body", "") if self.is_bound else (self.restored or {}).get("body", self.instance.body)
            self.fields["body"].help_text = reading_time(body)
        if "published_at" in self.fields:
            self.fields["published_at"].help_text = describe_zone(self.instance.published_at or timezone.now())

    @property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name not in HIDDEN]

    def clean_seen(self) -> Snapshot | None:
        seen = upgrade_snapshot(self.cleaned_data["seen"])
        return seen if is_snapshot(seen) else None

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        for field in columns():
            if field.kind is Kind.TEXT and field.name in cleaned:
                cleaned[field.name] = tidy(cleaned[field.name])
        if self.instance.pk is None and self.is_slug_of_headline(cleaned):
            cleaned["slug"] = ""  # saving finds a free one, which follows the headline
        if self.instance.pk and not self.errors:
            self.keep_unchanged_seconds(cleaned)
            self.merge_theirs(cleaned)
        if not self.errors and "tags" in self.changed_data:
            confirm_new_tags(self, "tags")
        return cleaned

    def is_slug_of_headline(self, cleaned: dict) -> bool:
        """Tell whether the slug is what the admin's script makes of the headline.

        The script keeps accents and cuts elsewhere, so both are compared by what we make of them.
        """
        slug, headline = (Story(headline=cleaned.get(name) or "") for name in ("slug", "headline"))
        return slug.slug_base() == headline.slug_base()

    def keep_unchanged_seconds(self, cleaned: dict) -> None:
        """Keep a date that shows the same in the boxes: they have no seconds, and repeat an hour in autumn."""
        if wall_clock(cleaned["published_at"]) == wall_clock(self.instance.published_at):
            cleaned["published_at"] = self.instance.published_at

    def merge_theirs(self, cleaned: dict) -> None:
        """Merge the input with what somebody else has saved since this form was opened.

        A conflict is an error: the boxes then hold the merged text, and saving once more saves it.
        """
        seen = cleaned["seen"]
        if seen is None or seen == self.before:
            return
        self.is_stale = True
        base, theirs, mine = map(with_current_tag_names, (seen, self.before, self.input_snapshot(cleaned)))
        merged, conflicting = merge(base, theirs, mine)
        self.take_theirs(cleaned, merged, theirs)
        if conflicting:
            rows = [get_field(name) for name in conflicting]
            self.conflicts = [self.conflict(field, base, theirs, mine) for field in rows]
            data = fill_boxes(cast(QueryDict, self.data), self, merged)
            data["seen"], data["compared"] = json.dumps(self.before), "1"
            self.data = data
            self.add_error(None, self.conflict_message(rows))

    def input_snapshot(self, cleaned: dict) -> Snapshot:
        """Return the form's input as a snapshot. A field without a box keeps the value that was seen."""
        content = {}
        for field in FIELDS:
            value = cleaned.get(field.name, cleaned["seen"][field.name])
            match field.kind:
                case Kind.RICH_TEXT:
                    value = str(value)
                case Kind.REGION if field.name in cleaned:
                    value = value.name
                case Kind.DATE if field.name in cleaned:
                    value = format_minute(value)
            content[field.name] = value
        return content

    def take_theirs(self, cleaned: dict, merged: Snapshot, theirs: Snapshot) -> None:
        """Put the merged values into the cleaned data, to be saved."""
        for field in FIELDS:
            if field.is_list:
                cleaned[field.name] = merged[field.name]
            elif field.name in cleaned and merged[field.name] == theirs[field.name]:
                cleaned[field.name] = getattr(self.instance, field.name)

    def conflict(self, field: Field, base: Snapshot, theirs: Snapshot, mine: Snapshot) -> Conflict:
        texts = [field_text(field, content[field.name]) for content in (base, theirs, mine)]
        return Conflict(field.label, texts[0], diff(texts[0], texts[1]), diff(texts[0], texts[2]))

    def conflict_message(self, conflicting: list[Field]) -> str:
        revision = Revision.objects.latest_for(self.instance.pk)
        who = revision.by if revision and revision.by else "Somebody else"
        what = " and ".join(f"the {field.label.lower()}" for field in conflicting)
        return (
            f"Not saved yet: {who} also changed {what}, on {format_time(self.instance.updated_at)}, after you opened the "
            "story. Compare the changes below. The form has your text and all other changes of both. "
            "Save again to keep your text."
        )


def with_current_tag_names(content: Snapshot) -> Snapshot:
    """Replace tag names by those after any rename or merge. Two queries."""
    known = Tag.objects.named(content["tags"])
    names = [known[name].name if name in known else name for name in content["tags"]]
    return content | {"tags": list(dict.fromkeys(names))}
