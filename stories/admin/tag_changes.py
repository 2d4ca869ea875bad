"""Merged and deleted tags on screen: who did it, when, and the button that undoes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from stories.models import CannotUndo, TagChange

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
        changes = TagChange.objects.select_related("by", "undone_by")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Merged and deleted tags",
            "page": Paginator(changes, PAGE_SIZE).get_page(request.GET.get("page")),
        }
        return TemplateResponse(request, "admin/stories/tag/changes.html", context)

    def undo(self, request, pk):
        if not self.has_delete_permission(request):
            raise PermissionDenied
        change = get_object_or_404(TagChange, pk=pk)
        try:
            tag = change.undo(by=request.user)
        except CannotUndo as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.log_change(request, tag, f"Undone: {change}.")
            self.message_user(request, f"“{tag}” is back, with its names, addresses and stories.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_tag_changes"))

    def delete_model(self, request, obj):
        TagChange.objects.delete_tag(obj, by=request.user)

    def delete_queryset(self, request, queryset):
        for tag in queryset:
            TagChange.objects.delete_tag(tag, by=request.user)
