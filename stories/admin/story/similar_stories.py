"""Says on the story form which earlier stories it may repeat, see stories/similar_stories.py. JSON; a warning, never a bar."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from stories.admin.widgets.sources import valid_rows
from stories.search.similar_stories import similar_stories

from .boxes import read_boxes


class SimilarStoriesMixin:
    """For the ModelAdmin of stories."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.near))
        return [path("near/", view, name="stories_story_near"), *super().get_urls()]

    def near(self, request):
        """{"near": [{"headline", "state", "why", "address"}]} of those that the writer may see."""
        typed = read_boxes(request.POST)
        if not self.has_add_permission(request) or typed is None:
            raise PermissionDenied
        itself = self.asked_story(request)
        urls = [url for url, _label in valid_rows(typed.get("sources", []))]
        found = similar_stories(typed["headline"], typed.get("body", ""), urls, but=itself and itself.pk)
        seen = [near for near in found if self.has_view_permission(request, near.story)]
        return JsonResponse({"near": [as_json(near) for near in seen]})


def as_json(near) -> dict:
    story = near.story
    return {
        "headline": story.headline,
        "state": removal_state(story),
        "why": near.why,
        "address": reverse("admin:stories_story_change", args=[story.pk]),
    }


def removal_state(story) -> str:
    """ "published 3 June 2026", or "draft of 3 June 2026"."""
    day = date_format(timezone.localtime(story.published_at or story.created_at), "j F Y")
    if story.is_live:
        return f"published {day}"
    return f"scheduled for {day}" if story.is_scheduled else f"{story.get_status_display().lower()}, {day}"
