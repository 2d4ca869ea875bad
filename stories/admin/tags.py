"""The tag screens: list, merge, synonyms, and the suggestions that the tag box asks for."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from stories.models import StoryTag, Tag, TagAlias, TagChange, normal_form, published_with_tag

from .bounded import BoundedListMixin
from .collisions import CollisionsMixin
from .labels import LabelledFormSet, LabelledTabularInline
from .links import stories_link
from .tag_changes import TagChangesMixin


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
class TagAdmin(TagChangesMixin, BoundedListMixin, CollisionsMixin, admin.ModelAdmin):
    list_display = ["name", "stories", "other_names", "address"]
    search_fields = ["name", "normal", "aliases__normal"]
    fields = ["name", "address", "description", "stories"]
    readonly_fields = ["address", "stories"]
    inlines = [TagAliasInline]
    actions = ["merge"]
    # To sort by use, all uses would have to be counted first.
    sortable_by = ["name"]

    def get_queryset(self, request):
        tags = super().get_queryset(request).annotate(uses=published_with_tag())
        return tags.prefetch_related("aliases")

    def get_urls(self):
        return [
            path("suggest/", self.admin_site.admin_view(self.suggest), name="stories_tag_suggest"),
            *super().get_urls(),
        ]

    @admin.display(description="Published stories")
    def stories(self, tag):
        return stories_link("tag", tag.slug, tag.uses) if tag.pk else "None yet."

    @admin.display(description="Other names")
    def other_names(self, tag):
        return ", ".join(alias.name for alias in tag.aliases.all() if alias.normal)

    @admin.display
    def address(self, tag):
        return tag.get_absolute_url() if tag.pk else "Made from the name."

    def suggest(self, request):
        """{"tags": [{"name", "uses", "exact"}]}: at most ten tags for what was typed into the tag box."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Tag.objects.matching(request.GET.get("q", "")[:100])
        return JsonResponse({"tags": [{"name": t.name, "uses": t.uses, "exact": t.exact} for t in found]})

    @admin.action(description="Merge selected tags into one", permissions=["delete"])
    def merge(self, request, queryset):
        """Asks which tag stays, then merges the others into it."""
        tags = list(queryset.order_by("-uses", "name"))
        if len(tags) < 2:
            return self.message_user(request, "Select two tags or more to merge.", messages.WARNING)
        keep = next((tag for tag in tags if str(tag.pk) == request.POST.get("keep")), None)
        if keep is None:
            context = {**self.admin_site.each_context(request), "title": "Merge tags", "tags": tags, "opts": self.opts}
            context |= preview_of_merge(tags)
            return TemplateResponse(request, "admin/stories/tag/merge.html", context)
        for tag in tags:
            if tag != keep:
                try:
                    change = TagChange.objects.merge(tag, keep, by=request.user)
                except (ValueError, Tag.DoesNotExist) as refusal:
                    return self.message_user(request, str(refusal), messages.ERROR)
                self.log_change(request, keep, f"Merged “{tag}” into it; {change.stories} stories had it.")
        names = ", ".join(f"“{tag}”" for tag in tags if tag != keep)
        said = f"Merged {names} into “{keep}”. Old names and addresses lead there."
        return self.message_user(
            request, format_html('{} <a href="{}">Undo</a>', said, reverse("admin:stories_tag_changes"))
        )


def preview_of_merge(tags) -> dict:
    """How many stories have any of these tags, and how many more than one, drafts too. One query."""
    stories = StoryTag.objects.filter(tag__in=tags).order_by().values("content_object").annotate(number=Count("pk"))
    return stories.aggregate(any=Count("content_object"), several=Count("content_object", filter=Q(number__gt=1)))
