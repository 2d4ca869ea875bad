"""The list of tags and the tag form. The mixins, one file each, add merging, splitting, the log and suggestions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.admin.base.bounded_list import BoundedListMixin
from stories.admin.base.collisions import CollisionsMixin
from stories.admin.base.confirmations import ConfirmationForm
from stories.admin.base.labels import LabelledFormSet, LabelledTabularInline
from stories.admin.base.links import story_count_link
from stories.admin.base.requests import staff_user
from stories.models import Tag, TagAlias, TagChange, story_count_label, take_tag_snapshot
from stories.text.normalize import normal_form

from .changes import TagChangesMixin
from .merge import TagMergeMixin
from .split import SplitMixin
from .statistics import TagStatistics
from .suggestions import SuggestionsMixin


class TagForm(ConfirmationForm, forms.ModelForm):
    """Tag form that asks for confirmation of a rename."""

    def clean(self) -> None:
        super().clean()
        name, old_name = self.cleaned_data.get("name"), self.initial.get("name")
        if not (name and old_name) or normal_form(name) == normal_form(old_name):
            return
        if Tag.objects.named([name]).get(name) in {None, self.instance}:  # else the model refuses the name
            self.ask("name", f"rename {old_name} to {name}", self.rename_warning(old_name, name))

    def rename_warning(self, old_name: str, name: str) -> str:
        stories, path = story_count_label(self.instance.story_tags.count()), self.instance.get_absolute_url()
        warning = _(
            "%(stories)s will show “%(new)s” instead of “%(old)s”, and %(path)s will redirect to the new URL. "
            "Save again to rename the tag."
        )
        return warning % {"stories": stories, "new": name, "old": old_name, "path": path}


class OtherNamesFormSet(LabelledFormSet):
    """Other names of a tag. Accepts the old name as a new row of a form that also renames the tag."""

    def clean(self) -> None:
        super().clean()
        forms_by_name: dict[str, forms.ModelForm] = {}
        for form in self.forms:
            if not form.is_valid() or form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            name = form.cleaned_data.get("name")
            if name and forms_by_name.setdefault(normal_form(name), form) is not form:
                form.add_error("name", _("This name is listed twice."))

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> TagAlias:
        """Return the alias that the rename has just created for this name, or save a new one."""
        name = form.cleaned_data["name"]
        return self.instance.aliases.filter(normal=normal_form(name)).first() or super().save_new(form, commit)


class TagAliasInline(LabelledTabularInline):
    model = TagAlias
    formset = OtherNamesFormSet
    verbose_name = gettext_lazy("other name")
    verbose_name_plural = gettext_lazy("other names (former names and synonyms)")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TagAlias]:
        """Leave out aliases for old URLs, which are kept automatically and can't be edited."""
        return super().get_queryset(request).filter(slug=None)


@admin.register(Tag)
class TagAdmin(
    SuggestionsMixin,
    TagMergeMixin,
    SplitMixin,
    TagChangesMixin,
    BoundedListMixin,
    CollisionsMixin,
    admin.ModelAdmin,
):
    form = TagForm
    list_display = ["name", "stories", "other_names", "url"]
    search_fields = ["name", "normal", "aliases__normal"]
    fields = ["name", "url", "description"]
    readonly_fields = ["url"]
    inlines = [TagAliasInline]
    # Sorting by use would have to count the uses of all tags first.
    sortable_by = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return Tag.objects.with_uses().order_by(*self.get_ordering(request) or ["name"]).prefetch_related("aliases")

    @admin.display(description=gettext_lazy("Published stories"))
    def stories(self, tag: Tag) -> str:
        return story_count_link("tag", tag.slug, tag.uses)

    @admin.display(description=gettext_lazy("Other names"))
    def other_names(self, tag: Tag) -> str:
        return ", ".join(alias.name for alias in tag.aliases.all() if alias.normal)

    @admin.display(description=gettext_lazy("URL"))
    def url(self, tag: Tag) -> str:
        return tag.get_absolute_url() if tag.pk else _("Created from the name.")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Tag | None = None,
    ) -> HttpResponse:
        context["statistics"] = obj and TagStatistics(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Tag:
        """Take a snapshot for the log before saving overwrites the old values."""
        form.snapshot_before = take_tag_snapshot(form.instance) if change else None
        return super().save_form(request, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            TagChange.objects.edited(form.instance, form.snapshot_before, by=staff_user(request))
