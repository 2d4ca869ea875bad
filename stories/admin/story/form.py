"""The story form: what is typed, and how it meets what somebody else saved meanwhile. The screen round it is in story.py."""

import json
from dataclasses import dataclass

from django import forms
from django.utils import timezone

from stories.admin.base.confirmations import ConfirmationForm, HiddenJSONField, confirm_new_tags
from stories.admin.base.moments import moment
from stories.admin.widgets.reading_time import reading_time
from stories.admin.widgets.schedule import ScheduleBoxes, ScheduleField, wall_clock, zone_line
from stories.admin.widgets.sources import SourcesField
from stories.admin.widgets.tag_box import TagsField
from stories.models import (
    Region,
    Revision,
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


@dataclass(frozen=True)
class Clash:
    """A field that two people changed: what both had seen, what the other made of it, and what is in this form."""

    label: str
    base: str
    theirs: Diff
    mine: Diff


class StoryForm(ConfirmationForm, forms.ModelForm):
    # What the person who fills the form in had before her, see stories/models/content.py.
    seen = HiddenJSONField(required=False)
    # Of this very form on this very screen, see stories/models/open_form.py.
    token = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)
    # Whether another's text was shown beside this one: what is saved then is a version of its own.
    compared = forms.BooleanField(required=False, widget=forms.HiddenInput)
    tags = TagsField(required=False, help_text="Enter takes the marked suggestion; a comma takes what you typed.")
    sources = SourcesField(required=False, help_text="The “See” links below the story.")

    class Meta:
        model = Story
        fields = ["headline", "body", "region", "tags", "byline", "correction", "published_at", "slug"]
        field_classes = {"published_at": ScheduleField}
        widgets = {
            "headline": forms.TextInput(attrs={"class": "vLargeTextField", "size": None}),
            "published_at": ScheduleBoxes,
            "correction": forms.Textarea(attrs={"rows": 2, "cols": None, "class": "vLargeTextField"}),
        }

    # What is typed but not saved, to be shown instead of what is stored; see autosaves.py.
    restored = None
    clashes = ()
    # Whether somebody else had saved the story since the form was opened.
    is_stale = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = take_snapshot(self.instance) if self.instance.pk else None
        self.status_before = self.instance.status
        if self.before:
            self.initial |= {"sources": self.before["sources"], "seen": self.before}
        if "body" in self.fields:
            body = self.data.get("body", "") if self.is_bound else (self.restored or {}).get("body", self.instance.body)
            self.fields["body"].help_text = reading_time(body)
        if "published_at" in self.fields:
            self.fields["published_at"].help_text = zone_line(self.instance.published_at or timezone.now())
        if self.restored and not self.is_bound:
            self.initial |= self.restored

    @property
    def changed_data(self):
        return [name for name in super().changed_data if name not in {"seen", "token", "compared", "asked"}]

    def clean_seen(self):
        seen = upgrade_snapshot(self.cleaned_data["seen"])
        return seen if is_snapshot(seen) else None

    def clean_correction(self):
        return tidy(self.cleaned_data["correction"])

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk is None and self.is_slug_of_headline(cleaned):
            cleaned["slug"] = ""  # saving finds one that is free, and lets it follow the headline
        if self.instance.pk and not self.errors:
            self.keep_unchanged_seconds(cleaned)
            self.merge_theirs(cleaned)
        if not self.errors and "tags" in self.changed_data:
            confirm_new_tags(self, "tags")
        return cleaned

    def is_slug_of_headline(self, cleaned) -> bool:
        """Whether the slug is what the admin's script makes of the headline, which keeps accents and cuts elsewhere."""
        slug, headline = (Story(headline=cleaned.get(name) or "") for name in ("slug", "headline"))
        return slug.slug_base() == headline.slug_base()

    def keep_unchanged_seconds(self, cleaned):
        """Sending back what a form showed must neither cut seconds nor take the first of two equal hours for the second."""
        if wall_clock(cleaned["published_at"]) == wall_clock(self.instance.published_at):
            cleaned["published_at"] = self.instance.published_at

    def merge_theirs(self, cleaned):
        """Merges what was typed with what somebody else saved since this form was opened."""
        seen = cleaned["seen"]
        if seen is None or seen == self.before:
            return
        self.is_stale = True
        base, theirs, mine = (with_current_tag_names(content) for content in (seen, self.before, self.typed(cleaned)))
        merged, clashing = merge(base, theirs, mine)
        self.take(cleaned, merged, theirs)
        if clashing:
            self.clashes = [self.clash(name, base, theirs, mine) for name in clashing]
            self.show(merged)
            self.add_error(None, self.conflict_message(clashing))

    def typed(self, cleaned) -> dict:
        """What the form says, as a story's content. What it has no box for, nobody changed in it."""
        boxes = {name: cleaned[name] for name in cleaned["seen"] if name in cleaned}
        if "body" in boxes:
            boxes["body"] = str(boxes["body"])
        moment = format_minute(cleaned["published_at"])
        return cleaned["seen"] | boxes | {"region": cleaned["region"].name, "published_at": moment}

    def take(self, cleaned, merged, theirs):
        for name in ("headline", "body", "region", "byline", "correction", "published_at", "slug"):
            if name in cleaned and merged[name] == theirs[name]:
                cleaned[name] = getattr(self.instance, name)
        cleaned["tags"], cleaned["sources"] = merged["tags"], merged["sources"]

    def show(self, merged):
        """Put into the boxes what is merged; saving once more then saves it, against what is stored now."""
        region = Region.objects.named([merged["region"]]).get(merged["region"])
        cleaned = self.cleaned_data
        dated = self.fields["published_at"].widget
        day, time = (
            box.format_value(part) or ""
            for box, part in zip(dated.widgets, dated.decompress(cleaned["published_at"]), strict=True)
        )
        boxes = {name: merged[name] for name in ("headline", "body", "byline", "correction", "slug")} | {
            "tags": "\n".join(merged["tags"]),
            "region": region.pk if region else "",
            "published_at_0": day,
            "published_at_1": time,
            "seen": json.dumps(self.before),
            "compared": "1",
        }
        self.data = self.data.copy()
        for name, value in boxes.items():
            self.data[name] = value
        self.data.setlist("sources-url", [url for url, _label in merged["sources"]])
        self.data.setlist("sources-label", [label for _url, label in merged["sources"]])

    def clash(self, name, base, theirs, mine):
        base, theirs, mine = (field_text(name, content[name]) for content in (base, theirs, mine))
        return Clash(self.fields[name].label or name, base, diff(base, theirs), diff(base, mine))

    def conflict_message(self, clashing):
        version = Revision.objects.latest_of(self.instance.pk)
        who = version.by if version and version.by else "Somebody else"
        what = " and ".join(f"the {(self.fields[name].label or name).lower()}" for name in clashing)
        return (
            f"Not saved yet: {who} also changed {what}, on {moment(self.instance.updated_at)}, after you had opened the "
            "story. Compare below; the form has your text, with all other changes of both. Saving it keeps yours."
        )


def with_current_tag_names(content: dict) -> dict:
    """The content with the tags' names as they are after any rename or merge. Two queries."""
    known = Tag.objects.named(content["tags"])
    names = [known[name].name if name in known else name for name in content["tags"]]
    return content | {"tags": list(dict.fromkeys(names))}
