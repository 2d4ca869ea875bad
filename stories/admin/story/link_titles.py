"""Proposes the label of a source from the page that its address leads to. JSON."""

import time

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from stories.admin.widgets.sources import SourcesField
from stories.link_titles import Unreachable, fetch, label_for

# Of one person in one minute, and in each process; she waits for each, and so does a thread of the server.
MOST_FETCHED = 30


class LinkTitlesMixin:
    """For the ModelAdmin of stories. Whoever writes stories may ask."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.link_title))
        return [path("link-title/", view, name="stories_story_link_title"), *super().get_urls()]

    def link_title(self, request):
        """{"label": text}, empty when there is none to be had: why does not matter to her, and is not told."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            address, _label = SourcesField().clean_row(request.POST.get("address", ""), "")
        except ValidationError:
            return JsonResponse({"label": ""})
        if asked_too_often(request.user):
            return JsonResponse({"label": ""}, status=429)
        try:
            return JsonResponse({"label": label_for(fetch(address))})
        except Unreachable:
            return JsonResponse({"label": ""})


def asked_too_often(user) -> bool:
    key = f"link-titles-{user.pk}-{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > MOST_FETCHED
