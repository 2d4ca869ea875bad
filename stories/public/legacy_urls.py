"""Redirects from the URLs that stories had on Joomla with K2, each in one hop.

Menus put any path before them, as in `/index.php/news/`. newsdesk/middleware/canonical.py takes care of case and of
missing slashes, as for all URLs.
"""

import re
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from stories.listings.listing import PAGE_SIZE
from stories.models import Story

from .feed_formats import Atom, Rss
from .story_list import StoryList
from .views import FrontPage, RegionPage, StoryPage, TagPage


class LegacyList(StoryList):
    """Mixin that redirects to a list: `?start=10` to its page 2, `?format=feed` to its feed. List it first in the bases."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        listing = self.get_listing()
        self.term, self.month, self.params = self.get_term(listing), None, {}
        if wants_feed(request):
            return HttpResponsePermanentRedirect(self.feed_url(feed_format(request)))
        start = request.GET.get("start") or "0"
        if not re.fullmatch("[0-9]{1,9}", start) or (number := int(start) // PAGE_SIZE + 1) > listing.pages:
            raise Http404("no such page")
        return HttpResponsePermanentRedirect(self.page_url(number))


class LegacyTag(LegacyList, TagPage):
    """`itemlist/tag/<name>`: to the tag's page."""


class LegacyCategory(LegacyList, RegionPage):
    """`itemlist/category/<number>-<alias>`: to the region's page."""


class LegacyItem(StoryPage):
    """`item/<number>-<alias>`: the story imported with that number, or else the one whose slug is the alias.

    Without an alias, only the number counts.
    """

    def get_object(self, queryset: QuerySet[Story] | None = None) -> Story:
        stories = self.get_queryset()
        story = stories.filter(import_ref=f"k2:{self.kwargs['number']}").first()
        if story is None and "slug" not in self.kwargs:
            raise Http404("no story had that number")
        return story or super().get_object(queryset)


class Front(FrontPage):
    """The front page. Its feed was at the same path."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wants_feed(request):
            self.term, self.params = None, {}
            return HttpResponsePermanentRedirect(self.feed_url(feed_format(request)))
        return super().get(request, *args, **kwargs)


def wants_feed(request: HttpRequest) -> bool:
    return request.GET.get("format") == "feed"


def feed_format(request: HttpRequest) -> type[Atom] | type[Rss]:
    return Atom if request.GET.get("type") == "atom" else Rss
