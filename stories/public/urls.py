"""The addresses of the readers' site. Which spelling of each is right is for the views to say."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import feeds, sitemaps, views
from . import legacy_urls as old_addresses
from .feed_formats import FORMATS
from .filters import ByRegion, ByTag, StoryFilter
from .preview_page import shared_preview
from .search_page import SearchPage


class SlugOrName(StringConverter):
    """Any one part of a path: former names may hold anything, but for NUL, which PostgreSQL can't even be asked for.

    Looking a name up takes the longer the longer it is; none has more than 100 letters, or 300 with accents apart.
    """

    regex = r"[^/\x00]{1,300}"


class Year:
    regex = "[0-9]{4}"
    to_python = int

    def to_url(self, value):
        return f"{value:04}"


class Month(Year):
    """One digit is taken too, and sent to the address with two."""

    regex = "[0-9]{1,2}"

    def to_url(self, value):
        return f"{value:02}"


class Part:
    regex = "[1-9][0-9]{0,4}"
    to_python, to_url = int, str


class NumberInK2(Part):
    """Here, and in a name, with what Joomla puts behind an address where it is told to."""

    regex = r"[0-9]{1,18}(?:\.html)?"

    def to_python(self, value):
        return int(value.removesuffix(".html"))


class NameInK2(SlugOrName):
    def to_python(self, value):
        return value.removesuffix(".html")


class Before(StringConverter):
    """Any parts of a path, or none."""

    regex = r"(?:[^/\x00]+/)*"


register_converter(Part, "part")
register_converter(NumberInK2, "k2")
register_converter(NameInK2, "k2_name")
register_converter(Before, "before")
register_converter(Year, "year")
register_converter(Month, "month")
register_converter(SlugOrName, "slug_or_name")

app_name = "stories"


def feeds_beside(route, name, view):
    """A list's feeds, one in each format."""
    return [path(route + feed.path, view.as_view(format=feed), name=f"{name}-{feed.name}") for feed in FORMATS]


urlpatterns = [
    path("", old_addresses.Front.as_view(), name="front"),
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
    *feeds_beside("", "front", feeds.FrontFeed),
    *feeds_beside("tags/<slug_or_name:slug>/", "tag", feeds.TagFeed),
    *feeds_beside("regions/<slug_or_name:slug>/", "region", feeds.RegionFeed),
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
    path("<before:before>itemlist/tag/<k2_name:slug>/", old_addresses.OldTag.as_view(), name="tag-before"),
    path(
        "<before:before>itemlist/category/<k2:number>-<k2_name:slug>/",
        old_addresses.OldCategory.as_view(),
        name="region-before",
    ),
    path("<before:before>item/<k2:number>-<k2_name:slug>/", old_addresses.OldItem.as_view(), name="story-before"),
    path("<before:before>item/<k2:number>/", old_addresses.OldItem.as_view(), name="numbered-story-before"),
]
