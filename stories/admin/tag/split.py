"""Splitting a tag: some of its stories get another, as when "Elections" has become too wide."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from stories import search
from stories.admin.base.confirmations import ConfirmationForm, confirm_new_tags
from stories.admin.story.retag import MOST_RETAGGED, SHOWN
from stories.admin.widgets.tag_box import TagsField
from stories.listings.months import midnight
from stories.models import FIRST_MOMENT, LAST_MOMENT, Region, Story, Tag, TagChange


class DateBox(forms.DateField):
    """A day that can be turned into every time zone."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_validators = [MinValueValidator(FIRST_MOMENT.date()), MaxValueValidator(LAST_MOMENT.date())]


class SplitForm(ConfirmationForm):
    name = TagsField(label="New tag", help_text="One that is there already is fine too.")
    region = forms.ModelChoiceField(Region.objects, required=False, empty_label="Any region")
    also = TagsField(required=False, label="That also have the tags", help_text="All of these.")
    since = DateBox(required=False, label="Published since")
    until = DateBox(required=False, label="Published until")
    words = forms.CharField(required=False, max_length=200, label="With the words")
    stays = forms.BooleanField(required=False)
    # How many were last previewed, so that no others are changed.
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, tag, **kwargs):
        super().__init__(*args, **kwargs)
        self.tag = tag
        self.fields["stays"].label = f"Leave “{tag}” on them as well"

    def clean_name(self):
        if len(self.cleaned_data["name"]) != 1:
            raise ValidationError("Give one tag.")
        if self.tag == Tag.objects.named(self.cleaned_data["name"]).get(self.cleaned_data["name"][0]):
            raise ValidationError(f"That is “{self.tag}” itself.")
        return self.cleaned_data["name"]

    def clean_also(self):
        known = Tag.objects.named(self.cleaned_data["also"])
        if unknown := [name for name in self.cleaned_data["also"] if name not in known]:
            raise ValidationError(f"There is no tag “{unknown[0]}”.")
        return list(known.values())

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not any(cleaned[name] for name in ("region", "also", "since", "until", "words")):
            raise ValidationError("Say which of its stories. For all of them, rename or merge the tag.")
        confirm_new_tags(self, "name")
        self.pks = list(self.stories().values_list("pk", flat=True)[: MOST_RETAGGED + 1])
        if len(self.pks) > MOST_RETAGGED:
            raise ValidationError(f"These are more than {MOST_RETAGGED:,} stories. Go in steps, by date for example.")
        if not self.pks:
            raise ValidationError("None of its stories is like that.")
        return cleaned

    def stories(self):
        chosen, found = self.cleaned_data, Story.objects.filter(story_tags__tag=self.tag)
        for tag in chosen["also"]:
            found = found.filter(pk__in=tag.story_tags.order_by().values("content_object"))
        if chosen["region"]:
            found = found.filter(region=chosen["region"])
        if chosen["since"]:
            found = found.filter(published_at__gte=midnight(chosen["since"]))
        if chosen["until"]:
            found = found.filter(published_at__lt=midnight(chosen["until"] + timedelta(days=1)))
        return search.matching(found, chosen["words"]) if chosen["words"] else found

    @property
    def choice(self) -> str:
        return f"{self.cleaned_data['name'][0]} {self.cleaned_data['stays']} {len(self.pks)} {hash(tuple(self.pks))}"

    def apply(self, by) -> TagChange:
        name, stays = self.cleaned_data["name"][0], self.cleaned_data["stays"]
        return TagChange.objects.split(self.tag, self.pks, name, stays=stays, by=by)


class SplitMixin:
    """For the ModelAdmin of tags."""

    def get_urls(self):
        split = self.admin_site.admin_view(self.split)
        return [path("<int:pk>/split/", split, name="stories_tag_split"), *super().get_urls()]

    def split(self, request, pk):
        if not self.has_delete_permission(request):
            raise PermissionDenied
        tag = get_object_or_404(Tag, pk=pk)
        form = SplitForm(request.POST or None, tag=tag)
        number, shown = 0, []
        if form.is_valid():
            if "_apply" in request.POST and form.cleaned_data["previewed"] == form.choice:
                change = form.apply(request.user)
                link = reverse("admin:stories_tag_changes")
                said = format_html(
                    '{}: {} {} <a href="{}">Undo</a>', change, change.stories_label, change.details, link
                )
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:stories_tag_change", args=[pk]))
            number, shown = len(form.pks), Story.objects.filter(pk__in=form.pks[:SHOWN])
            form.data = form.data.copy()
            form.data["previewed"] = form.choice
        return TemplateResponse(request, "admin/stories/tag/split.html", {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Split “{tag}”",
            "tag": tag,
            "form": form,
            "media": self.media + form.media,
            "number": number,
            "shown": shown,
            "more": max(0, number - SHOWN),
            "of": tag.story_tags.count(),
        })  # fmt: skip
