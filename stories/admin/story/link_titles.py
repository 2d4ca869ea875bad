"""Suggest the label of a source from the title of the page that its URL leads to. JSON."""

import time

from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from stories.admin.widgets.sources import SourcesField
from stories.link_titles import Unreachable, fetch, label_for

# For each user and server process. Each fetch blocks one of the server's threads.
MAX_FETCHES_PER_MINUTE = 30


class LinkTitlesMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories. Every user who may add stories may ask for titles."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.link_title))
        return [path("link-title/", view, name="stories_story_link_title"), *super().get_urls()]

    def link_title(self, request: HttpRequest) -> JsonResponse:
        """Return {"label": text}, empty if there is none.

        The answer never says why: the reason could tell about hosts inside the newsroom's network.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            url, _label = SourcesField().clean_row(request.POST.get("url", ""), "")
        except ValidationError:
            return JsonResponse({"label": ""})
        if is_over_limit(request.user.pk):
            return JsonResponse({"label": ""}, status=429)
        try:
            return JsonResponse({"label": label_for(fetch(url))})
        except Unreachable:
            return JsonResponse({"label": ""})


def is_over_limit(user_pk: int | None) -> bool:
    """Count a fetch of this user, and return True once this minute has too many."""
    key = f"link-titles-{user_pk}-{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > MAX_FETCHES_PER_MINUTE
