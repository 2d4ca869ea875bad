"""The readers' search: ranked results with counts by region, tag and month to filter them further."""

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.gzip import gzip_page
from django.views.generic import TemplateView

from stories.listings.listing import PAGE_SIZE, Pager
from stories.listings.story_rows import ListedStory, fetch_stories, to_db_value
from stories.models import Region, Tag
from stories.paths import site_path
from stories.search import MAX_HITS, Query, SearchFilters, SearchResults, mark_words, snippet, suggest
from stories.search.results import Hit

from .article import body_with_sources
from .dates import format_month
from .filters import ByRegionTagAndMonth
from .navigation import get_regions

MAX_FACETS = 12
MAX_QUERY_CHARS = 200


class Facet(NamedTuple):
    """A filter to add or to remove. `stories` is how many results it has."""

    name: str
    url: str
    stories: int = 0


class FacetGroup(NamedTuple):
    id: str
    title: str
    facets: list[Facet]


class Result(NamedTuple):
    """A story found, with the words of the search marked. The snippet is cut from body, sources and correction."""

    story: ListedStory
    headline: SafeString
    snippet: SafeString


# Search results aren't in the page cache, which compresses the other pages.
@method_decorator(gzip_page, name="dispatch")
class SearchPage(TemplateView):
    """Results for any text. Thirteen queries at most, if the filters are spelled as this page's own links spell them.

    Never cached: there are endless URLs, which would push out the pages that are read.
    """

    template_name = "stories/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        patch_cache_control(response, no_store=True)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Half a surrogate pair can't be encoded for the database.
        self.text = self.request.GET.get("q", "").encode(errors="replace").decode().strip()
        self.filter = ByRegionTagAndMonth(self.request.GET, request=self.request)
        context = {"text": self.text[:MAX_QUERY_CHARS], "max_hits": MAX_HITS}
        if not self.filter.is_valid():
            context["errors"] = self.filter.errors.values()
        elif self.text:
            context |= self.search()
        return super().get_context_data(**context, **kwargs)

    def search(self) -> dict[str, Any]:
        """Return what the template shows of a search."""
        self.limits = SearchFilters(**self.filter.limits())
        hits = SearchResults(self.text, self.limits)
        page = Paginator(hits.ranked, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "hits": hits,
            "results": self.results(list(page.object_list), hits.query),
            "pager": Pager(page.number, page.paginator.num_pages, lambda number: self.url(page=number)),
            "active_filters": self.active_filters(),
            "facet_groups": [group for group in self.facet_groups(hits) if group.facets] if hits.ranked else [],
            "suggestions": "" if hits.ranked else self.suggestion_links(),
        }

    def results(self, hits: list[Hit], query: Query) -> list[Result]:
        """Return the stories of these hits, in their order. Two queries, if there are any hits."""
        if not hits:
            return []
        keys = ", ".join(str(hit.pk) for hit in hits)
        statement = f"SELECT id FROM stories_story WHERE live_at < %s AND id IN ({keys})"  # noqa: S608 (of numbers)
        found = {story.pk: story for story in fetch_stories(statement, [to_db_value(self.limits.until)])}
        stories = [found[hit.pk] for hit in hits if hit.pk in found]
        language = get_language()
        return [
            Result(story, mark_words(story.headline, query), snippet(body_with_sources(story, language), query))
            for story in stories
        ]

    def url(self, *, without: str = "", **changed: Any) -> str:
        """Return the URL of this search with these parameters changed or without one, from its first page."""
        params = {"q": self.text[:MAX_QUERY_CHARS]} | self.filter.params() | changed
        return f"{site_path('search')}?{urlencode({name: value for name, value in params.items() if name != without})}"

    def active_filters(self) -> list[Facet]:
        """Return the filters in use, each with the URL of the search without it."""
        return [Facet(label(value), self.url(without=name)) for name, value in self.filter.limits().items()]

    def facet_groups(self, hits: SearchResults) -> list[FacetGroup]:
        """Return the filters that can be added, with the number of hits that each leaves. One query."""
        regions = hits.regions()
        tags = [tag for tag in hits.tags(MAX_FACETS) if not (self.limits.tag and self.limits.tag.slug == tag[1])]
        months = sorted(hits.months().most_common(MAX_FACETS), reverse=True)
        groups = []
        if not self.limits.region:
            found = [region for region in get_regions(self.request) if region.pk in regions]
            facets = [Facet(region.name, self.url(region=region.slug), regions[region.pk]) for region in found]
            groups.append(FacetGroup("regions", gettext("Regions"), facets))
        facets = [Facet(name, self.url(tag=slug), stories) for name, slug, stories in tags]
        groups.append(FacetGroup("tags", gettext("Tags"), facets))
        if not self.limits.month:
            facets = [Facet(label(month), self.url(month=f"{month:%Y-%m}"), stories) for month, stories in months]
            groups.append(FacetGroup("months", gettext("Months"), facets))
        return groups

    def suggestion_links(self) -> SafeString:
        """Return links to searches that were probably meant, separated by commas; empty without any."""
        links = ((self.url(q=text), text) for text in suggest(self.text))
        return format_html_join(", ", '<a href="{}">{}</a>', links)


def label(value: Region | Tag | date) -> str:
    return format_month(value, get_language()) if isinstance(value, date) else value.name
