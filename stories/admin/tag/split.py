"""Splitting a tag: move some of its stories to another tag, as when "Elections" has become too broad."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stories import search
from stories.admin.base.confirmations import ConfirmationForm, confirm_new_tags
from stories.admin.base.requests import staff_user
from stories.admin.story.retag import MAX_RETAGGED, MAX_STORIES_SHOWN
from stories.admin.widgets.tag_box import TagsField
from stories.listings.months import midnight
from stories.models import FIRST_MOMENT, LAST_MOMENT, Region, Story, Tag, TagChange, story_count_label


class DayField(forms.DateField):
    """A day that every time zone can represent."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_validators = [MinValueValidator(FIRST_MOMENT.date()), MaxValueValidator(LAST_MOMENT.date())]


class SplitForm(ConfirmationForm):
    """Conditions for the stories to move, and the tag to move them to."""

    name = TagsField(label=gettext_lazy("New tag"), help_text=gettext_lazy("You can use an existing tag."))
    region = forms.ModelChoiceField(Region.objects, required=False, empty_label=gettext_lazy("Any region"))
    also = TagsField(required=False, label=gettext_lazy("Also tagged (all of)"))
    since = DayField(required=False, label=gettext_lazy("Published since"))
    until = DayField(required=False, label=gettext_lazy("Published until"))
    words = forms.CharField(required=False, max_length=200, label=gettext_lazy("Containing the words"))
    stays = forms.BooleanField(required=False)
    # The choice last previewed: applying refuses any other.
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tag = tag
        self.story_pks: list[int] = []
        self.fields["stays"].label = _("Keep “%(tag)s” on these stories too") % {"tag": tag}

    def clean_name(self) -> list[str]:
        names = self.cleaned_data["name"]
        if len(names) != 1:
            raise ValidationError(_("Enter one tag."))
        if self.tag == Tag.objects.named(names).get(names[0]):
            raise ValidationError(_("Enter a tag other than “%(tag)s”.") % {"tag": self.tag})
        return names

    def clean_also(self) -> list[Tag]:
        known = Tag.objects.named(self.cleaned_data["also"])
        if unknown := [name for name in self.cleaned_data["also"] if name not in known]:
            raise ValidationError(_("There is no tag “%(tag)s”.") % {"tag": unknown[0]})
        return list(known.values())

    def clean(self) -> None:
        super().clean()
        if self.errors:
            return
        if not any(self.cleaned_data[name] for name in ("region", "also", "since", "until", "words")):
            raise ValidationError(_("Enter at least one condition. To move all its stories, rename or merge the tag."))
        confirm_new_tags(self, "name")
        self.story_pks = list(self.matching_stories().values_list("pk", flat=True)[: MAX_RETAGGED + 1])
        if len(self.story_pks) > MAX_RETAGGED:
            message = _("More than %(count)s stories match. Split in steps, for example by date.")
            raise ValidationError(message % {"count": f"{MAX_RETAGGED:,}"})
        if not self.story_pks:
            raise ValidationError(_("No stories match."))

    def matching_stories(self) -> QuerySet[Story]:
        chosen, found = self.cleaned_data, Story.objects.filter(story_tags__tag=self.tag)
        for tag in chosen["also"]:
            found = found.filter(pk__in=tag.story_tags.order_by().values("content_object"))
        if chosen["region"]:
            found = found.filter(region=chosen["region"])
        if chosen["since"]:
            found = found.filter(published_at__gte=midnight(chosen["since"]))
        if chosen["until"]:
            found = found.filter(published_at__lt=midnight(chosen["until"] + timedelta(days=1)))
        return search.filter_stories(found, chosen["words"]) if chosen["words"] else found

    @property
    def choice(self) -> str:
        """Text that changes when the new tag, `stays` or the matching stories change."""
        name, stays = self.cleaned_data["name"][0], self.cleaned_data["stays"]
        return f"{name} {stays} {len(self.story_pks)} {hash(tuple(self.story_pks))}"

    @property
    def summary(self) -> str:
        """The change in a sentence: "3 of 12 stories get “Ferries” instead of “Coast”:"."""
        number = len(self.story_pks)
        if self.cleaned_data["stays"]:
            sentence = ngettext(
                "%(count)s of %(stories)s gets “%(new)s” and keeps “%(tag)s”:",
                "%(count)s of %(stories)s get “%(new)s” and keep “%(tag)s”:",
                number,
            )
        else:
            sentence = ngettext(
                "%(count)s of %(stories)s gets “%(new)s” instead of “%(tag)s”:",
                "%(count)s of %(stories)s get “%(new)s” instead of “%(tag)s”:",
                number,
            )
        stories, new = story_count_label(self.tag.story_tags.count()), self.cleaned_data["name"][0]
        return sentence % {"count": f"{number:,}", "stories": stories, "new": new, "tag": self.tag}

    @property
    def is_previewed(self) -> bool:
        return self.cleaned_data["previewed"] == self.choice

    def apply(self, by: User) -> TagChange:
        name, stays = self.cleaned_data["name"][0], self.cleaned_data["stays"]
        return TagChange.objects.split(self.tag, self.story_pks, name, stays=stays, by=by)


class SplitMixin(admin.ModelAdmin):
    """ModelAdmin of tags with the page that splits a tag."""

    def get_urls(self) -> list[URLPattern]:
        split = self.admin_site.admin_view(self.split)
        return [path("<int:pk>/split/", split, name="stories_tag_split"), *super().get_urls()]

    def split(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, then a preview of the change, then apply the change that was previewed."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        tag = get_object_or_404(Tag, pk=pk)
        form = SplitForm(request.POST or None, tag=tag)
        if form.is_valid():
            if "_apply" in request.POST and form.is_previewed:
                self.message_split(request, form.apply(staff_user(request)))
                return HttpResponseRedirect(reverse("admin:stories_tag_change", args=[pk]))
            form.set_data("previewed", form.choice)
        return self.split_page(request, form)

    def message_split(self, request: HttpRequest, change: TagChange) -> None:
        log_url = reverse("admin:stories_tag_changes")
        done = f"{change}: {change.stories_label} {change.details}"
        message = format_html('{} <a href="{}">{}</a>', done, log_url, _("Undo"))
        self.message_user(request, message, messages.SUCCESS)

    def split_page(self, request: HttpRequest, form: SplitForm) -> HttpResponse:
        """Render the form, with a preview if it is valid."""
        pks = form.story_pks if form.is_valid() else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Split “%(tag)s”") % {"tag": form.tag},
            "tag": form.tag,
            "form": form,
            "media": self.media + form.media,
            "summary": form.summary if pks else "",
            "shown": Story.objects.filter(pk__in=pks[:MAX_STORIES_SHOWN]) if pks else [],
            "more": max(0, len(pks) - MAX_STORIES_SHOWN),
        }
        return TemplateResponse(request, "admin/stories/tag/split.html", context)
