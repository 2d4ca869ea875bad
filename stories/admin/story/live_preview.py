"""Live preview: the story as readers will see it, rendered from the form while somebody types. Nothing is stored."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from stories.admin.widgets.sources import valid_rows
from stories.admin.widgets.tag_box import MAX_NAME_CHARS, MAX_TAGS
from stories.models import Snapshot, empty_snapshot
from stories.public.previews import preview_story

from .boxes import Boxes, read_boxes, to_snapshot


class LivePreviewMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.live_preview))
        return [path("live-preview/", view, name="stories_story_live_preview"), *super().get_urls()]

    def live_preview(self, request: HttpRequest) -> HttpResponse:
        """Render the page for the form's input. It shows nothing that isn't sent, so every writer may ask."""
        boxes = read_boxes(request.POST)
        if not self.has_add_permission(request) or boxes is None:
            raise PermissionDenied
        return render(request, "stories/live_preview.html", {"story": preview_story(preview_snapshot(boxes))})


def preview_snapshot(boxes: Boxes) -> Snapshot:
    """Return the input as a snapshot, without tags and sources that aren't valid yet."""
    content = to_snapshot(boxes, base=empty_snapshot())
    tags = dict.fromkeys(content["tags"][:MAX_TAGS])
    return content | {
        "tags": [name for name in tags if len(name) <= MAX_NAME_CHARS],
        "sources": valid_rows(content["sources"]),
        "slug": "preview",
    }
