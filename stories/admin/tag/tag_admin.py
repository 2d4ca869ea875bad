"""The tag screens: list and form. What else is done to tags has a file each: tag_merge.py, split.py, tag_changes.py; what
the tag box asks for is in suggestions.py.
"""

from django import forms
from django.contrib import admin

from stories.admin.base.bounded_list import BoundedListMixin
from stories.admin.base.collisions import CollisionsMixin
from stories.admin.base.confirmations import ConfirmationForm
from stories.admin.base.labels import LabelledFormSet, LabelledTabularInline
from stories.admin.base.links import story_count_link
from stories.models import Tag, TagAlias, TagChange, take_tag_snapshot
from stories.text.normalize import normal_form

from .changes import TagChangesMixin
from .merge import TagMergeMixin
from .split import SplitMixin
from .statistics import TagPage
from .suggestions import SuggestionsMixin


class TagForm(ConfirmationForm, forms.ModelForm):
    """A rename says first what it does: saving again does it."""

    def clean(self):
        cleaned = super().clean()
        name, was = cleaned.get("name"), self.initial.get("name")
        if not (name and was) or normal_form(name) == normal_form(was):
            return cleaned
        if Tag.objects.named([name]).get(name) in {None, self.instance}:  # else the model refuses it
            self.ask("name", f"rename {was} to {name}", self.rename_warning(was, name))
        return cleaned

    def rename_warning(self, was, name):
        number, address = self.instance.story_tags.count(), self.instance.get_absolute_url()
        stories = "One story shows" if number == 1 else f"{number:,} stories show"
        return f"{stories} “{name}” instead of “{was}”, and {address} leads to its new address. Save again to do it."


class OtherNames(LabelledFormSet):
    """A former name that the tag gets by the rename in this very form need not be added again."""

    def clean(self):
        super().clean()
        forms_by_name = {}
        for form in self.forms:
            name = form.cleaned_data.get("name") if form.is_valid() and not self._should_delete_form(form) else None
            if name and forms_by_name.setdefault(normal_form(name), form) is not form:
                form.add_error("name", "This name is listed twice.")

    def save_new(self, form, commit=True):
        name = form.cleaned_data["name"]
        return self.instance.aliases.filter(normal=normal_form(name)).first() or super().save_new(form, commit)


class TagAliasInline(LabelledTabularInline):
    model = TagAlias
    formset = OtherNames
    verbose_name = "other name"
    verbose_name_plural = "other names (former names and synonyms)"

    def get_queryset(self, request):
        """Former addresses are kept without being asked, and can't be edited."""
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
    list_display = ["name", "stories", "other_names", "address"]
    search_fields = ["name", "normal", "aliases__normal"]
    fields = ["name", "address", "description"]
    readonly_fields = ["address"]
    inlines = [TagAliasInline]
    # To sort by use, all uses would have to be counted first.
    sortable_by = ["name"]

    def get_queryset(self, request):
        return Tag.objects.with_uses().order_by(*self.get_ordering(request) or ["name"]).prefetch_related("aliases")

    @admin.display(description="Published stories")
    def stories(self, tag):
        return story_count_link("tag", tag.slug, tag.uses)

    @admin.display(description="Other names")
    def other_names(self, tag):
        return ", ".join(alias.name for alias in tag.aliases.all() if alias.normal)

    @admin.display
    def address(self, tag):
        return tag.get_absolute_url() if tag.pk else "Made from the name."

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["tag_page"] = obj and TagPage(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_form(self, request, form, change):
        """Before the form is saved: afterwards nothing tells how it was."""
        form.was = take_tag_snapshot(form.instance) if change else None
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change:
            TagChange.objects.edited(form.instance, form.was, by=request.user)
