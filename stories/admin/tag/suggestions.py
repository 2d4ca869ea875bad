"""JSON suggestions for the tag box: tags for the typed text, and tags whose names occur in the story."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_POST

from stories.models import Tag
from stories.text.plain_text import plain

MAX_QUERY_CHARS = 100
MAX_HEADLINE_CHARS = 1_000
# Of HTML, markup included.
MAX_BODY_CHARS = 100_000


class SuggestionsMixin(admin.ModelAdmin):
    """ModelAdmin of tags that suggests tags to everyone who may see tags."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("suggest/", view(require_GET(self.suggest)), name="stories_tag_suggest"),
            path("in-text/", view(require_POST(self.in_text)), name="stories_tag_in_text"),
            *super().get_urls(),
        ]

    def suggest(self, request: HttpRequest) -> JsonResponse:
        """Return {"tags": [{"name", "uses", "exact"}], "similar": [{"name", "uses"}]} for the text `q`.

        `tags` has at most ten. `similar` has tags with a similar spelling, unless `q` is the name of a tag.
        """
        self.require_view_permission(request)
        text = request.GET.get("q", "")[:MAX_QUERY_CHARS]
        found = list(Tag.objects.matching(text))
        similar = [] if any(tag.exact for tag in found) else Tag.objects.similar_to(text)
        tags = [as_json(tag) | {"exact": tag.exact} for tag in found]
        return JsonResponse({"tags": tags, "similar": [as_json(tag) for tag in similar if tag not in found]})

    def in_text(self, request: HttpRequest) -> JsonResponse:
        """Return {"tags": [{"name", "uses"}]} with at most ten tags that occur in the headline or the body."""
        self.require_view_permission(request)
        headline = request.POST.get("headline", "")[:MAX_HEADLINE_CHARS]
        body = plain(request.POST.get("body", "")[:MAX_BODY_CHARS])
        return JsonResponse({"tags": [as_json(tag) for tag in Tag.objects.standing_in(f"{headline}\n{body}")]})

    def require_view_permission(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def as_json(tag: Tag) -> dict[str, Any]:
    return {"name": tag.name, "uses": tag.uses}
