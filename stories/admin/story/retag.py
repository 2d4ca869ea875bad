"""Bulk action: add or remove tags of many stories, or move them to another region, with a preview."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stories.admin.base.confirmations import ConfirmationForm, confirm_new_tags
from stories.admin.base.requests import staff_user
from stories.admin.widgets.tag_box import TagsField
from stories.models import PUBLISH_STORY, Region, Story, StoryTag, Tag, TagChange

# Other writers wait while it runs: some seconds for this many stories.
MAX_RETAGGED = 10_000
MAX_STORIES_SHOWN = 5
# Choices of tags to remove: the most used of the selected stories.
MAX_TAGS_OFFERED = 100


class RetagForm(ConfirmationForm):
    add = TagsField(
        required=False,
        label=gettext_lazy("Add tags"),
        help_text=gettext_lazy("Stories that already have a tag keep it."),
    )
    remove = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        required=False,
        label=gettext_lazy("Remove tags"),
        widget=forms.CheckboxSelectMultiple,
    )
    region = forms.ModelChoiceField(
        Region.objects,
        required=False,
        label=gettext_lazy("Move to region"),
        empty_label=gettext_lazy("Keep current region"),
    )
    # The input that the last preview showed. Only the same input is applied.
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pks: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pks = pks
        uses = StoryTag.objects.filter(content_object__in=pks).order_by().values("tag").annotate(number=Count("pk"))
        most_used = uses.order_by("-number", "tag").values_list("tag", flat=True)[:MAX_TAGS_OFFERED]
        remove = cast(forms.ModelMultipleChoiceField, self.fields["remove"])
        remove.queryset = Tag.objects.filter(pk__in=list(most_used))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if self.errors:
            return cleaned
        if not (cleaned["add"] or cleaned["remove"] or cleaned["region"]):
            raise forms.ValidationError(_("Choose a tag to add or remove, or a region."))
        known = Tag.objects.named(cleaned["add"]).values()
        if both := [tag for tag in known if tag in cleaned["remove"]]:
            self.add_error("remove", _("You can't add and remove “%(tag)s” at once.") % {"tag": both[0]})
        else:
            confirm_new_tags(self, "add")
        return cleaned

    @property
    def choice(self) -> str:
        """The cleaned input as text, to compare with the input that was previewed."""
        chosen = self.cleaned_data
        region = chosen["region"] and chosen["region"].pk
        return json.dumps([chosen["add"], sorted(tag.pk for tag in chosen["remove"]), region])

    def preview(self) -> list[str]:
        """Return a line for each change. One query for each tag and region, and one for all names."""
        chosen = self.cleaned_data
        known = Tag.objects.named(chosen["add"])
        lines = [self.describe_addition(name, known.get(name)) for name in chosen["add"]]
        lines += [describe_removal(self.count_tagged(tag), tag) for tag in chosen["remove"]]
        if chosen["region"]:
            number = Story.objects.filter(pk__in=self.pks).exclude(region=chosen["region"]).count()
            lines.append(describe_region_change(number, chosen["region"]))
        return lines

    def describe_addition(self, name: str, tag: Tag | None) -> str:
        tagged = self.count_tagged(tag) if tag else 0
        number = len(self.pks) - tagged
        line = ngettext("%(count)s story gets “%(tag)s”.", "%(count)s stories get “%(tag)s”.", number)
        line %= {"count": f"{number:,}", "tag": tag or name}
        if not tagged:
            return line
        rest = ngettext("%(count)s already has it.", "%(count)s already have it.", tagged)
        return f"{line} {rest % {'count': f'{tagged:,}'}}"

    def count_tagged(self, tag: Tag) -> int:
        return StoryTag.objects.filter(tag=tag, content_object__in=self.pks).count()

    def apply(self, by: User) -> TagChange:
        chosen = self.cleaned_data
        return TagChange.objects.retag(
            self.pks, add=chosen["add"], remove=chosen["remove"], region=chosen["region"], by=by
        )


def describe_removal(number: int, tag: Tag) -> str:
    line = ngettext("%(count)s story loses “%(tag)s”.", "%(count)s stories lose “%(tag)s”.", number)
    return line % {"count": f"{number:,}", "tag": tag}


def describe_region_change(number: int, region: Region) -> str:
    line = ngettext("%(count)s story moves to “%(region)s”.", "%(count)s stories move to “%(region)s”.", number)
    return line % {"count": f"{number:,}", "region": region}


class RetagMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories. The log of tag changes lists each use, with an undo button.

    List it before BoundedListMixin among the bases: its `unbounded_actions` must win.
    """

    actions = ["retag"]
    # The action checks MAX_RETAGGED itself.
    unbounded_actions: ClassVar[Sequence[str]] = ["retag"]

    def has_retag_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH_STORY)

    @admin.action(description=gettext_lazy("Change tags or region of selected stories"), permissions=["retag"])
    def retag(self, request: HttpRequest, queryset: QuerySet[Story]) -> HttpResponse | None:
        """Preview the change, or apply it if the same input was previewed."""
        pks = list(queryset.values_list("pk", flat=True)[: MAX_RETAGGED + 1])
        if len(pks) > MAX_RETAGGED:
            message = _("You can change at most %(count)s stories at once. Filter the list, for example by month.")
            self.message_user(request, message % {"count": f"{MAX_RETAGGED:,}"}, messages.WARNING)
            return None
        form = RetagForm(request.POST if "previewed" in request.POST else None, pks=pks)
        preview: list[str] = []
        if form.is_valid():
            if "_apply" in request.POST and form.cleaned_data["previewed"] == form.choice:
                self.report_change(request, form.apply(staff_user(request)))
                return None
            preview = form.preview()
            data = request.POST.copy()
            data["previewed"] = form.choice
            form.data = data
        return TemplateResponse(request, "admin/stories/story/retag.html", {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Change tags or region"),
            "form": form,
            "media": self.media + form.media,
            "preview": preview,
            "number": len(pks),
            "shown": Story.objects.filter(pk__in=pks[:MAX_STORIES_SHOWN]),
            "more": max(0, len(pks) - MAX_STORIES_SHOWN),
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        })  # fmt: skip

    def report_change(self, request: HttpRequest, change: TagChange) -> None:
        url = reverse("admin:stories_tag_changes")
        self.message_user(request, format_html('{}: {} <a href="{}">{}</a>', change, change.details, url, _("Undo")))
