"""The feeds beside the lists: the newest stories, whole, for programs that read. How they are written is in feed_formats.py.

What a list has, and at which one address, a feed has from the list's own view.
"""

import re

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.request import split_domain_port
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page

from stories.paths import site_path
from stories.text.xml import strip_illegal

from .article import body_with_sources
from .filters import ByRegion, ByTag, StoryFilter
from .story_list import StoryList, add_params
from .views import FrontPage, RegionPage, TagPage

LOCAL_LINK = re.compile(r'(<a\b[^<>]*\shref=")/(?!/)')


# By ETag alone: when a story is withdrawn, the newest date that is left is an old one.
@method_decorator(conditional_page, name="dispatch")
class Feed(StoryList):
    """Stands before a list in a class's bases, and makes a feed of it, in the `format`. As many queries as the list."""

    format = None

    def get_listing(self, **limits):
        return super().get_listing(size=settings.FEED_STORIES, **limits)

    def list_path(self, month):
        return self.feed_url(self.format).partition("?")[0]

    def render_page(self, listing, page, status=200):
        if status == 404:
            raise Http404("the feed can't be narrowed by that")
        url = self.request.build_absolute_uri
        terms = [term for term in (listing.tag, listing.region) if term]
        feed = self.format(
            title=strip_illegal(": ".join([settings.SITE_NAME, *([", ".join(map(str, terms))] if terms else [])])),
            link=url(add_params(super().list_path(None), self.params)),
            description=strip_illegal(
                self.term.description if self.term and self.term.description else "The latest stories"
            ),
            language=settings.LANGUAGE_CODE,
            author_name=strip_illegal(settings.SITE_NAME),
            feed_url=url(self.page_url(page.number)),
            feed_guid=self.id_of("stories", *(f"{term._meta.model_name}-{term.pk}" for term in terms)),
            next_url=url(self.page_url(page.number + 1)) if page.number < page.last else None,
        )
        for story in page.stories:
            feed.add_item(**self.item(story))
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

    def item(self, story) -> dict:
        """What a feed says of a story; it may have been saved last before its time came."""
        return {
            "title": strip_illegal(story.headline),
            "link": self.request.build_absolute_uri(site_path("story", story.slug)),
            "description": self.with_whole_links(strip_illegal(body_with_sources(story))),
            "author_name": strip_illegal(story.byline) or None,
            "pubdate": story.published_at,
            "updateddate": max(story.published_at, story.updated_at),
            "unique_id": self.id_of("story", str(story.pk)),
            "unique_id_is_permalink": False,
            "categories": [strip_illegal(term.name) for term in (story.region, *story.tags_in_order)],
        }

    def with_whole_links(self, body: str) -> str:
        """A link within the site would lead nowhere from a reader's own program."""
        return LOCAL_LINK.sub(rf"\g<1>{self.request.scheme}://{self.request.get_host()}/", body)

    def id_of(self, *parts: str) -> str:
        """Stays the same when headline and address change, and whichever of the site's hosts is asked (RFC 4151)."""
        first = settings.ALLOWED_HOSTS[0].removeprefix(".").lower()
        domain = split_domain_port(self.request.get_host())[0] if first == "*" else first
        return f"tag:{domain},2026:{'/'.join(parts)}"


class FrontFeed(Feed, FrontPage):
    filterset_class = StoryFilter


class TagFeed(Feed, TagPage):
    filterset_class = ByRegion


class RegionFeed(Feed, RegionPage):
    filterset_class = ByTag
