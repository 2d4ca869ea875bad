"""URL patterns of the readers' site. Views redirect from other spellings of a path to the right one."""

from typing import Any

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from . import feeds, legacy_urls, sitemaps, views
from .feed_formats import FORMATS
from .filters import ByRegion, ByTag, StoryFilter
from .preview_page import shared_preview
from .search_page import SearchPage


class SlugOrName(StringConverter):
    """One part of a path, with any characters but NUL, which PostgreSQL refuses: former names may hold anything.

    The longer a name, the slower its lookup. Names have at most 100 letters, which are 300 with accents apart.
    """

    regex = r"[^/\x00]{1,300}"


class Year:
    regex = "[0-9]{4}"
    to_python = int

    def to_url(self, value: int) -> str:
        return f"{value:04}"


class Month(Year):
    """A month's number. One digit redirects to two."""

    regex = "[0-9]{1,2}"

    def to_url(self, value: int) -> str:
        return f"{value:02}"


class Part:
    regex = "[1-9][0-9]{0,4}"
    to_python, to_url = int, str


class LegacyNumber(StringConverter):
    """A number in a K2 path, with the ".html" that Joomla adds if configured to."""

    regex = r"[0-9]{1,18}(?:\.html)?"

    def to_python(self, value: str) -> Any:
        return int(value.removesuffix(".html"))


class LegacyName(SlugOrName):
    """A name in a K2 path, with the same ".html"."""

    def to_python(self, value: str) -> str:
        return value.removesuffix(".html")


class Before(StringConverter):
    """Any parts of a path, or none."""

    regex = r"(?:[^/\x00]+/)*"


register_converter(Part, "part")
register_converter(LegacyNumber, "k2")
register_converter(LegacyName, "k2_name")
register_converter(Before, "before")
register_converter(Year, "year")
register_converter(Month, "month")
register_converter(SlugOrName, "slug_or_name")

app_name = "stories"


def feed_paths(route: str, name: str, view: type[feeds.Feed]) -> list[URLPattern]:
    """Return the paths of a list's feeds, one for each format."""
    return [path(route + feed.path, view.as_view(format=feed), name=f"{name}-{feed.name}") for feed in FORMATS]


urlpatterns = [
    path("", legacy_urls.Front.as_view(), name="front"),
    path(
        "archive/<year:year>/<month:month>/",
        views.FrontPage.as_view(filterset_class=StoryFilter),
        name="front-month",
    ),
    path("search/", SearchPage.as_view(), name="search"),
    path("tags/", views.TagIndex.as_view(), name="tags"),
    path("tags/<slug_or_name:slug>/", views.TagPage.as_view(), name="tag"),
    path(
        "tags/<slug_or_name:slug>/<year:year>/<month:month>/",
        views.TagPage.as_view(filterset_class=ByRegion),
        name="tag-month",
    ),
    path("regions/<slug_or_name:slug>/", views.RegionPage.as_view(), name="region"),
    path(
        "regions/<slug_or_name:slug>/<year:year>/<month:month>/",
        views.RegionPage.as_view(filterset_class=ByTag),
        name="region-month",
    ),
    path("preview/<slug_or_name:token>/", shared_preview, name="preview"),
    *feed_paths("", "front", feeds.FrontFeed),
    *feed_paths("tags/<slug_or_name:slug>/", "tag", feeds.TagFeed),
    *feed_paths("regions/<slug_or_name:slug>/", "region", feeds.RegionFeed),
    path("sitemap.xml", sitemaps.SitemapIndex.as_view(), name="sitemap"),
    path("sitemap-news.xml", sitemaps.NewsSitemap.as_view(), name="sitemap-news"),
    path("sitemaps/lists.xml", sitemaps.ListsSitemap.as_view(), name="sitemap-lists"),
    path("sitemaps/tags-<part:number>.xml", sitemaps.TagsSitemap.as_view(), name="sitemap-tags"),
    path(
        "sitemaps/stories-<year:year>-<month:month>-<part:number>.xml",
        sitemaps.StoriesSitemap.as_view(),
        name="sitemap-stories",
    ),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("stories/<slug_or_name:slug>/", views.StoryPage.as_view(), name="story"),
    path("stories/<slug_or_name:slug>/card.png", views.StoryCard.as_view(), name="card"),
    path("<before:before>itemlist/tag/<k2_name:slug>/", legacy_urls.LegacyTag.as_view(), name="tag-before"),
    path(
        "<before:before>itemlist/category/<k2:number>-<k2_name:slug>/",
        legacy_urls.LegacyCategory.as_view(),
        name="region-before",
    ),
    path("<before:before>item/<k2:number>-<k2_name:slug>/", legacy_urls.LegacyItem.as_view(), name="story-before"),
    path("<before:before>item/<k2:number>/", legacy_urls.LegacyItem.as_view(), name="numbered-story-before"),
]
