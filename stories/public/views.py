"""The readers' pages: lists of stories, the tag index, and a story with its card."""

from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.encoding import escape_uri_path
from django.views.generic import DetailView, ListView

from stories.listings.listing import Listing, stories_by_tag
from stories.listings.related import Related
from stories.models import Region, Status, Story, Tag, hue_number
from stories.paths import site_path
from stories.text.normalize import normal_form

from .filters import ByRegionAndDate, ByTagAndDate, StoryFilter
from .navigation import get_region
from .public_page import PublicPage
from .social_card import draw_card
from .story_list import StoryList

MAX_QUERY_CHARS = 100

AnyTerm = TypeVar("AnyTerm", Region, Tag)


class FrontPage(StoryList):
    template_name = "stories/front_page.html"


class TagPage(StoryList):
    name = "tag"
    template_name = "stories/tag_page.html"
    filterset_class: type[StoryFilter] = ByRegionAndDate

    def get_listing(self, **limits: Any) -> Listing:
        slug = self.kwargs["slug"]
        listing = Listing.at_tag(slug, **limits)
        return listing or Listing(tag=get_term_or_404(Tag, Tag.objects.get_by_any_slug, slug), **limits)

    def get_term(self, listing: Listing) -> Tag | None:
        return listing.tag


class RegionPage(StoryList):
    name = "region"
    template_name = "stories/region_page.html"
    filterset_class: type[StoryFilter] = ByTagAndDate

    def get_listing(self, **limits: Any) -> Listing:
        region = get_term_or_404(Region, partial(get_region, self.request), self.kwargs["slug"])
        return Listing(region=region, **limits)

    def get_term(self, listing: Listing) -> Region | None:
        return listing.region


def get_term_or_404(model: type[AnyTerm], find: Any, slug: str) -> AnyTerm:
    """Return what `find` returns for the slug. Raises Http404 where it raises the model's DoesNotExist."""
    try:
        return find(slug)
    except model.DoesNotExist as error:
        raise Http404(f"no {model._meta.verbose_name} at {slug!r}") from error


class TagIndex(PublicPage, ListView):
    """Tags with stories that readers can see, A to Z, each with their number. `?q=` keeps those with the text in a name."""

    template_name = "stories/tag_index.html"

    def get_queryset(self) -> Any:
        self.text = normal_form(self.request.GET.get("q", "")[:MAX_QUERY_CHARS])
        numbers = stories_by_tag()
        tags = [tag for tag in Tag.objects.called_like(self.text).order_by("normal") if numbers.get(tag.pk)]
        for tag in tags:
            tag.stories = numbers[tag.pk]
        return tags

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letters: dict[str, list[Tag]] = {}
        for tag in self.object_list:
            initial = tag.normal[0].upper()
            letters.setdefault(initial if initial.isalpha() else "#", []).append(tag)
        return super().get_context_data(letters=letters, text=self.text, **kwargs)


class StoryPage(PublicPage, DetailView):
    """A story that readers can see. A withdrawn one that they could see once answers 410, any other 404."""

    template_name = "stories/story_page.html"
    context_object_name = "story"
    queryset: QuerySet[Story] = Story.objects.with_related()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if self.object.is_live:
            if escape_uri_path(request.path) != self.canonical_path():
                return HttpResponsePermanentRedirect(self.canonical_path())
            return self.render_story()
        if self.object.status == Status.WITHDRAWN and self.object.was_live:
            return render(request, "410.html", status=410)
        raise Http404("no such story")

    def canonical_path(self) -> str:
        return self.object.get_absolute_url()

    def render_story(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(related=Related(self.object)))

    def get_object(self, queryset: QuerySet[Story] | None = None) -> Story:
        """Return the story at the slug, in lower case too. Raises Http404. One query, and those of the prefetches."""
        slug = self.kwargs["slug"]
        found = self.get_queryset().filter(slug__in={slug, slug.lower()})
        story = max(found, key=lambda story: story.slug == slug, default=None)
        if story is None:
            raise Http404("no such story")
        return story


class StoryCard(StoryPage):
    """The picture that other sites show with a link to the story. Available as long as the story."""

    queryset = Story.objects.select_related("region")

    def canonical_path(self) -> str:
        return site_path("card", self.object.slug)

    def render_story(self) -> HttpResponse:
        story = self.object
        picture = draw_card(story.headline, story.region.name, hue_number(story.region), settings.SITE_NAME)
        return HttpResponse(picture, content_type="image/png")
