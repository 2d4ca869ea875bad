"""The tags that the tag box suggests: for what is typed into it, and for what stands in the story's text. JSON."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from stories.models import Tag
from stories.text.plain_text import plain

# Of an HTML body, markup included.
LONGEST = 100_000


class SuggestionsMixin:
    """For the ModelAdmin of tags. Whoever may see tags may ask."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("suggest/", view(require_GET(self.suggest)), name="stories_tag_suggest"),
            path("in-text/", view(require_POST(self.in_text)), name="stories_tag_in_text"),
            *super().get_urls(),
        ]

    def suggest(self, request):
        """{"tags": [{"name", "uses", "exact"}], "near": [{"name", "uses"}]}: at most ten tags for what was typed into the
        tag box, and those it may be meant to be if it is none yet.
        """
        self.refuse_strangers(request)
        typed = request.GET.get("q", "")[:100]
        found = list(Tag.objects.matching(typed))
        near = [] if any(tag.exact for tag in found) else Tag.objects.similar_to(typed)
        tags = [{"name": tag.name, "uses": tag.uses, "exact": tag.exact} for tag in found]
        return JsonResponse({"tags": tags, "near": [as_json(tag) for tag in near if tag not in found]})

    def in_text(self, request):
        """{"tags": [{"name", "uses"}]}: at most ten tags that stand in the headline or the body."""
        self.refuse_strangers(request)
        text = "\n".join([request.POST.get("headline", "")[:1_000], plain(request.POST.get("body", "")[:LONGEST])])
        return JsonResponse({"tags": [as_json(tag) for tag in Tag.objects.standing_in(text)]})

    def refuse_strangers(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied


def as_json(tag) -> dict:
    return {"name": tag.name, "uses": tag.uses}
