"""Other tags, or another region, for the ticked stories or all that match the filter: a bulk action with a preview."""

import json

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html

from stories.admin.base.confirmations import ConfirmationForm, confirm_new_tags
from stories.admin.widgets.tag_box import TagsField
from stories.models import PUBLISH_STORY, Region, Story, StoryTag, Tag, TagChange

# Writers wait meanwhile: some seconds for so many.
MOST_RETAGGED = 10_000
SHOWN = 5
# Tags to take off: those that most of the stories have.
MOST_OFFERED = 100


class RetagForm(ConfirmationForm):
    add = TagsField(required=False, label="Put these tags on", help_text="Stories that have them already keep them.")
    remove = forms.ModelMultipleChoiceField(
        Tag.objects.none(), required=False, label="Take these tags off", widget=forms.CheckboxSelectMultiple
    )
    region = forms.ModelChoiceField(
        Region.objects, required=False, label="Move to the region", empty_label="Leave each where it is"
    )
    # What was last previewed, so that nothing is done that was not.
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, pks, **kwargs):
        super().__init__(*args, **kwargs)
        self.pks = pks
        uses = StoryTag.objects.filter(content_object__in=pks).order_by().values("tag").annotate(number=Count("pk"))
        most = uses.order_by("-number", "tag").values_list("tag", flat=True)[:MOST_OFFERED]
        self.fields["remove"].queryset = Tag.objects.filter(pk__in=list(most))

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not (cleaned["add"] or cleaned["remove"] or cleaned["region"]):
            raise forms.ValidationError("Choose a tag to put on or to take off, or a region.")
        known = Tag.objects.named(cleaned["add"]).values()
        if both := [tag.name for tag in known if tag in cleaned["remove"]]:
            self.add_error("remove", f"“{both[0]}” is to be put on and taken off.")
        else:
            confirm_new_tags(self, "add")
        return cleaned

    @property
    def choice(self) -> str:
        """What is to be done, to tell whether it is what was previewed."""
        chosen = self.cleaned_data
        region = chosen["region"] and chosen["region"].pk
        return json.dumps([chosen["add"], sorted(tag.pk for tag in chosen["remove"]), region])

    def preview(self) -> list[str]:
        """What would change, a line each."""
        chosen, lines = self.cleaned_data, []
        known = Tag.objects.named(chosen["add"])
        for name in chosen["add"]:
            have = self.having(known[name]) if name in known else 0
            lines.append(f"{self.said(len(self.pks) - have)} “{known.get(name, name)}”; {have:,} had it already.")
        lines += [f"{self.said(self.having(tag), 'lose')} “{tag}”." for tag in chosen["remove"]]
        if chosen["region"]:
            number = Story.objects.filter(pk__in=self.pks).exclude(region=chosen["region"]).count()
            lines.append(f"{self.said(number, 'move')} to “{chosen['region']}”.")
        return lines

    def having(self, tag) -> int:
        return StoryTag.objects.filter(tag=tag, content_object__in=self.pks).count()

    def said(self, number, verb="get"):
        return f"1 story {verb}s" if number == 1 else f"{number:,} stories {verb}"

    def apply(self, by) -> TagChange:
        chosen = self.cleaned_data
        return TagChange.objects.retag(
            self.pks, add=chosen["add"], remove=chosen["remove"], region=chosen["region"], by=by
        )


class RetagMixin:
    """For the ModelAdmin of stories. What is done by it is in the tags' log, and undone there."""

    actions = ["retag"]
    # It has a limit of its own, see bounded.py.
    unbounded_actions = ["retag"]

    def has_retag_permission(self, request):
        return request.user.has_perm(PUBLISH_STORY)

    @admin.action(description="Change tags or region of selected stories", permissions=["retag"])
    def retag(self, request, queryset):
        pks = list(queryset.values_list("pk", flat=True)[: MOST_RETAGGED + 1])
        if len(pks) > MOST_RETAGGED:
            words = f"These are more than {MOST_RETAGGED:,} stories. Narrow the list, by month for example, and go in steps."
            return self.message_user(request, words, messages.WARNING)
        form = RetagForm(request.POST if "previewed" in request.POST else None, pks=pks)
        preview = []
        if form.is_valid():
            if "_apply" in request.POST and form.cleaned_data["previewed"] == form.choice:
                return self.say_retagged(request, form.apply(request.user))
            preview = form.preview()
            form.data = form.data.copy()
            form.data["previewed"] = form.choice
        return TemplateResponse(request, "admin/stories/story/retag.html", {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Change tags or region",
            "form": form,
            "media": self.media + form.media,
            "preview": preview,
            "number": len(pks),
            "shown": Story.objects.filter(pk__in=pks[:SHOWN]),
            "more": max(0, len(pks) - SHOWN),
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        })  # fmt: skip

    def say_retagged(self, request, change):
        link = reverse("admin:stories_tag_changes")
        self.message_user(request, format_html('{}: {} <a href="{}">Undo</a>', change, change.details, link))
