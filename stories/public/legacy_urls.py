"""The addresses that the stories had on Joomla with K2: each leads, in one hop, to where its stories are now.

Before each may stand what menus put there, as in `/index.php/news/`. Case and a missing slash at the end are the
business of newsdesk/canonical.py, as with any address.
"""

import re

from django.http import Http404, HttpResponsePermanentRedirect

from stories.listings.listing import PAGE_SIZE

from .feed_formats import Atom, Rss
from .views import FrontPage, RegionPage, StoryList, StoryPage, TagPage


class OldList(StoryList):
    """Stands before a list in a class's bases: `?start=10` is its page 2, `?format=feed` its feed."""

    def get(self, request, **kwargs):
        listing = self.get_listing()
        self.term, self.month, self.terms = self.get_term(listing), None, {}
        if asks_for_feed(request):
            return HttpResponsePermanentRedirect(self.feed_url(feed_format(request)))
        start = request.GET.get("start") or "0"
        if not re.fullmatch("[0-9]{1,9}", start) or (number := int(start) // PAGE_SIZE + 1) > listing.pages:
            raise Http404("no such page")
        return HttpResponsePermanentRedirect(self.page_url(number))


class OldTag(OldList, TagPage):
    """`itemlist/tag/<name>`"""


class OldCategory(OldList, RegionPage):
    """`itemlist/category/<number>-<alias>`"""


class OldItem(StoryPage):
    """`item/<number>-<alias>`: the story that was imported under that number, else the one that has the alias for its slug.

    Without an alias, there must be one of that number.
    """

    def get_object(self, queryset=None):
        stories = self.get_queryset()
        story = stories.filter(import_ref=f"k2:{self.kwargs['number']}").first()
        if story is None and "slug" not in self.kwargs:
            raise Http404("no story had that number")
        return story or super().get_object(queryset)


class Front(FrontPage):
    """The front page, whose feed was at the same address."""

    def get(self, request, *args, **kwargs):
        if asks_for_feed(request):
            self.term, self.terms = None, {}
            return HttpResponsePermanentRedirect(self.feed_url(feed_format(request)))
        return super().get(request, *args, **kwargs)


def asks_for_feed(request) -> bool:
    return request.GET.get("format") == "feed"


def feed_format(request):
    return Atom if request.GET.get("type") == "atom" else Rss
