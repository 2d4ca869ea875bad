"""The log of what was done to tags, and to many stories at once: who did it, when, and the button that undoes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from stories.models import CannotUndo, StoryTag, TagChange, story_count_label

PAGE_SIZE = 20


class TagChangesMixin:
    """For the ModelAdmin of tags."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("changes/", view(self.changes), name="stories_tag_changes"),
            path("changes/<int:pk>/undo/", view(require_POST(self.undo)), name="stories_tag_undo"),
            *super().get_urls(),
        ]

    def changes(self, request):
        """The latest first, twenty a page."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        changes = TagChange.objects.select_related("by", "undone_by").defer("before")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Changes to tags",
            "page": Paginator(changes, PAGE_SIZE).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "admin/stories/tag/changes.html", context)

    def undo(self, request, pk):
        if not self.has_delete_permission(request):
            raise PermissionDenied
        change = get_object_or_404(TagChange, pk=pk)
        try:
            change.undo(by=request.user)
        except CannotUndo as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, f"Undone: {change}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_tag_changes"))

    def delete_model(self, request, obj):
        TagChange.objects.delete_tag(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for tag in queryset:
                TagChange.objects.delete_tag(tag, by=request.user)

    def get_deleted_objects(self, objs, request):
        """How many stories lose each, instead of every one of them by name."""
        tags = list(objs)
        numbers = dict(StoryTag.objects.filter(tag__in=tags).order_by().values_list("tag").annotate(Count("pk")))
        lines = [f"“{tag}”: {story_count_label(numbers.get(tag.pk, 0))} lose it" for tag in tags]
        missing = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return lines, {"tags": len(tags)}, missing, []
