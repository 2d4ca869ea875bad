"""Warn on the story form about earlier stories that this one may repeat. JSON; it never stops a save."""

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin.widgets.sources import valid_rows
from stories.models import Story
from stories.search.similar_stories import SimilarStory, similar_stories

from .boxes import read_boxes


class SimilarStoriesMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.similar))
        return [path("similar/", view, name="stories_story_similar"), *super().get_urls()]

    def similar(self, request: HttpRequest) -> JsonResponse:
        """Return {"similar": [{"headline", "status", "why", "url"}]}, without stories that the user may not see."""
        boxes = read_boxes(request.POST)
        if not self.has_add_permission(request) or boxes is None:
            raise PermissionDenied
        pk = request.POST.get("story", "")
        own_pk = int(pk) if re.fullmatch("[0-9]{1,18}", pk) else None
        urls = [url for url, _label in valid_rows(boxes.get("sources", []))]
        found = similar_stories(boxes["headline"], boxes.get("body", ""), urls, exclude=own_pk)
        visible = [similar for similar in found if self.has_view_permission(request, similar.story)]
        return JsonResponse({"similar": [as_json(similar) for similar in visible]})


def as_json(similar: SimilarStory) -> dict[str, Any]:
    return {
        "headline": similar.story.headline,
        "status": describe_status(similar.story),
        "why": similar.why,
        "url": reverse("admin:stories_story_change", args=[similar.story.pk]),
    }


def describe_status(story: Story) -> str:
    """Return the status and its date: "published 3 June 2026" or "draft, 3 June 2026"."""
    day = date_format(timezone.localtime(story.published_at or story.created_at), "j F Y")
    if story.is_live:
        return _("published %(day)s") % {"day": day}
    if story.is_scheduled:
        return _("scheduled for %(day)s") % {"day": day}
    return f"{story.get_status_display().lower()}, {day}"
