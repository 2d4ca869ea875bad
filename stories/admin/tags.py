"""The tag screens: list, merge, synonyms, and the suggestions that the tag box asks for."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import path

from stories.models import Tag, TagAlias

from .labels import LabelledTabularInline
from .links import stories_link


class TagAliasInline(LabelledTabularInline):
    model = TagAlias
    verbose_name = "other name"


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "stories", "other_names", "address"]
    search_fields = ["name", "normal", "aliases__normal"]
    fields = ["name", "address", "description", "stories"]
    readonly_fields = ["address", "stories"]
    inlines = [TagAliasInline]
    actions = ["merge"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return (
            super().get_queryset(request).annotate(uses=Count("story_tags", distinct=True)).prefetch_related("aliases")
        )

    def get_urls(self):
        return [
            path("suggest/", self.admin_site.admin_view(self.suggest), name="stories_tag_suggest"),
            *super().get_urls(),
        ]

    @admin.display(ordering="uses")
    def stories(self, tag):
        return stories_link("tag", tag.slug, tag.uses) if tag.pk else "None yet."

    @admin.display(description="Other names")
    def other_names(self, tag):
        return ", ".join(map(str, tag.aliases.all()))

    @admin.display(description="Address", empty_value="Made from the name.")
    def address(self, tag):
        return tag.get_absolute_url() if tag.pk else None

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
            return TemplateResponse(request, "admin/stories/tag/merge.html", context)
        for tag in tags:
            if tag != keep:
                changed = tag.merge_into(keep)
                self.log_change(request, keep, f"Merged “{tag}” into it; {changed} stories had it.")
        names = ", ".join(f"“{tag}”" for tag in tags if tag != keep)
        return self.message_user(request, f"Merged {names} into “{keep}”. Old names and addresses lead there.")
