"""Feeds of the lists: the newest stories in full, for feed readers. feed_formats.py writes them.

A feed takes its stories, and the one URL that it has, from the list's own view.
"""

import re
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.views.decorators.http import conditional_page

from stories.listings.listing import Listing, Page
from stories.listings.story_rows import ListedStory
from stories.paths import site_path
from stories.text.xml import strip_illegal

from . import feed_formats
from .article import body_with_sources
from .filters import ByRegion, ByTag, StoryFilter
from .story_list import StoryList, add_params
from .views import FrontPage, RegionPage, TagPage

LOCAL_LINK = re.compile(r'(<a\b[^<>]*\shref=")/(?!/)')


# By ETag, not by date: once a story is withdrawn, the newest date of the feed is an old one.
@method_decorator(conditional_page, name="dispatch")
class Feed(StoryList):
    """Mixin that renders a list as a feed in `format`. List it first in the bases. As many queries as the list."""

    format: type[feed_formats.Feed] = feed_formats.Rss

    def get_listing(self, **limits: Any) -> Listing:
        return super().get_listing(size=settings.FEED_STORIES, **limits)

    def list_path(self, month: Any) -> str:
        return self.feed_url(self.format).partition("?")[0]

    def render_page(self, listing: Listing, page: Page, status: int = 200) -> HttpResponse:
        if status == 404:
            raise Http404("invalid filters")
        url = self.request.build_absolute_uri
        terms = [term for term in (listing.tag, listing.region) if term]
        description = self.term.description if self.term else ""
        feed = self.format(
            title=strip_illegal(": ".join([settings.SITE_NAME, *([", ".join(map(str, terms))] if terms else [])])),
            link=url(add_params(super().list_path(None), self.params)),
            description=strip_illegal(description or gettext("The latest stories")),
            language=settings.LANGUAGE_CODE,
            author_name=strip_illegal(settings.SITE_NAME),
            feed_url=url(self.page_url(page.number)),
            feed_guid=tag_uri(self.request, "stories", *(f"{term._meta.model_name}-{term.pk}" for term in terms)),
            next_url=url(self.page_url(page.number + 1)) if page.number < page.last else None,
        )
        for story in page.stories:
            feed.add_item(**self.item(story))
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

    def item(self, story: ListedStory) -> dict[str, Any]:
        """Return a story's item. Scheduled stories were saved last before their date, so `updateddate` is the later."""
        return {
            "title": strip_illegal(story.headline),
            "link": self.request.build_absolute_uri(site_path("story", story.slug)),
            "description": with_absolute_links(self.request, strip_illegal(body_with_sources(story, get_language()))),
            "summary": strip_illegal(story.standfirst),
            "author_name": strip_illegal(story.byline) or None,
            "pubdate": story.published_at,
            "updateddate": max(story.published_at, story.updated_at),
            "unique_id": tag_uri(self.request, "story", str(story.pk)),
            "unique_id_is_permalink": False,
            "categories": [strip_illegal(term.name) for term in (story.region, *story.tags_in_order)],
        }


class FrontFeed(Feed, FrontPage):
    filterset_class: type[StoryFilter] = StoryFilter


class TagFeed(Feed, TagPage):
    filterset_class = ByRegion


class RegionFeed(Feed, RegionPage):
    filterset_class = ByTag


def with_absolute_links(request: HttpRequest, body: str) -> str:
    """Make links within the site absolute: feed readers show the body elsewhere."""
    return LOCAL_LINK.sub(rf"\g<1>{request.scheme}://{request.get_host()}/", body)


def tag_uri(request: HttpRequest, *parts: str) -> str:
    """Return an id that is the same on all hosts of the site, and after a change of headline or slug (RFC 4151)."""
    first = settings.ALLOWED_HOSTS[0].removeprefix(".").lower()
    domain = split_domain_port(request.get_host())[0] if first == "*" else first
    return f"tag:{domain},2026:{'/'.join(parts)}"
