"""The story beside its form, as readers will see it, while it is typed. Nothing is stored here."""

import re
from contextlib import suppress

from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from stories.admin.widgets.schedule import ScheduleField
from stories.admin.widgets.sources import rows_typed
from stories.admin.widgets.tag_box import LONGEST_NAME, MOST_TAGS, lines
from stories.models import Region, format_minute, sanitise_typed
from stories.public.previews import as_readers_would_see

from .autosave import typed_in


class LivePreviewMixin:
    """For the ModelAdmin of stories."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.live_preview))
        return [path("live-preview/", view, name="stories_story_live_preview"), *super().get_urls()]

    def live_preview(self, request):
        """The page that readers would get for what was sent. It tells nothing else, so whoever writes stories may ask."""
        typed = typed_in(request.POST)
        if not self.has_add_permission(request) or typed is None:
            raise PermissionDenied
        return render(request, "stories/live_preview.html", {"story": as_readers_would_see(content_typed(typed))})


def content_typed(typed: dict) -> dict:
    """A story's content from the boxes of its form, see autosaves.py, without what is not right yet."""
    region = Region.objects.filter(pk=typed["region"]).first() if re.fullmatch("[0-9]{1,18}", typed["region"]) else None
    moment = None
    with suppress(ValidationError):
        moment = ScheduleField(required=False).clean(typed["published_at"])
    return {
        "headline": typed["headline"],
        "body": sanitise_typed(typed["body"]),
        "region": region.name if region else "",
        "tags": [name for name in dict.fromkeys(lines(typed["tags"])[:MOST_TAGS]) if len(name) <= LONGEST_NAME],
        "sources": rows_typed(typed["sources"]),
        "byline": typed["byline"],
        "correction": typed["correction"],
        "published_at": format_minute(moment),
        "slug": "preview",
    }
