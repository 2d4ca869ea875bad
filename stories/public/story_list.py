"""Base of the lists of stories: filters, pages, months and the one URL that each page has."""

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import EmptyPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.encoding import escape_uri_path
from django.views.generic import ListView

from stories.listings.coverage import Coverage
from stories.listings.listing import Listing, Page, Pager
from stories.models import Region, Tag
from stories.paths import site_path

from .feed_formats import FORMATS
from .filters import ByDate, StoryFilter
from .navigation import get_regions
from .public_page import PublicPage
from .sidebar import Sidebar

# More make endless combinations, so search engines aren't to index them.
MAX_INDEXED_TERMS = 2


class StoryList(PublicPage, ListView):
    """Stories newest first, ten a page: all of them, or those of the month in the URL.

    Any other spelling of a page's URL redirects to the right one. `name` is the list's name in urls.py; the name of its
    months' pages is `name` and "-month".
    """

    name = "front"
    filterset_class: type[StoryFilter] = ByDate
    context_object_name = "stories"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.month = self.get_month()
        self.filter = self.filterset_class(request.GET, request=request)
        self.params = self.filter.params()
        listing = self.get_listing(month=self.month, **self.filter.limits())
        self.term = self.get_term(listing)
        if not self.filter.is_valid():
            return self.render_page(listing, Page(1, 1, []), status=404)
        if self.month and not listing.total and not self.params:
            raise Http404(f"no stories in {self.month:%Y-%m}")
        number = request.GET.get("page") or "1"
        if not self.is_at(self.page_url(number)):
            return HttpResponsePermanentRedirect(self.page_url(number))
        try:
            return self.render_page(listing, listing.page(number))
        except EmptyPage as error:
            raise Http404(str(error)) from error

    def get_month(self) -> date | None:
        """Return the first day of the month in the URL's path, if any. Raises Http404."""
        if "month" not in self.kwargs:
            return None
        try:
            return date(self.kwargs["year"], self.kwargs["month"], 1)
        except ValueError as error:
            raise Http404("no such month") from error

    def get_listing(self, **limits: Any) -> Listing:
        """Return the list's stories within these limits, arguments of Listing. Raises Http404."""
        return Listing(**limits)

    def get_term(self, listing: Listing) -> Tag | Region | None:
        """Return the tag or region that the list is about; None on the front page."""
        return None

    def render_page(self, listing: Listing, page: Page, status: int = 200) -> HttpResponse:
        self.object_list = page.stories
        context = self.get_context_data(
            term=self.term,
            month=self.month,
            sidebar=Sidebar(listing, get_regions(self.request), digest=self.has_digest(page)),
            filter=self.filter,
            coverage=Coverage(listing, self.month_url),
            pager=Pager(page.number, page.last, self.page_url),
            canonical=self.page_url(page.number),
            noindex=not page.stories or self.has_too_many_terms(),
            feeds=[(feed, self.feed_url(feed)) for feed in FORMATS],
        )
        return self.render_to_response(context, status=status)

    def has_digest(self, page: Page) -> bool:
        """Tell if the page shows the newest headlines of each region: only the first page of all stories does."""
        return page.number == 1 and not (self.term or self.month or self.params)

    def has_too_many_terms(self) -> bool:
        terms = [self.term, self.month, *self.params]
        return self.filter.has_dates() or len([term for term in terms if term]) > MAX_INDEXED_TERMS

    def list_path(self, month: date | None) -> str:
        if month:
            return site_path(f"{self.name}-month", *self.slugs, month.year, month.month)
        return site_path(self.name, *self.slugs)

    def page_url(self, number: int | str) -> str:
        """Return the URL of a page of this list, filtered as it is now."""
        return add_params(
            self.list_path(self.month), self.params | ({"page": str(number)} if str(number) != "1" else {})
        )

    def month_url(self, month: date) -> str:
        """Return the URL of this list in another month. Dates don't filter a month."""
        return add_params(self.list_path(month), self.params_without_dates)

    def feed_url(self, feed: Any) -> str:
        """Return the URL of this list's feed in a format of feed_formats.py. Dates and months have no feeds."""
        return add_params(site_path(f"{self.name}-{feed.name}", *self.slugs), self.params_without_dates)

    @property
    def slugs(self) -> list[str]:
        """Arguments of the list's paths."""
        return [self.term.slug] if self.term else []

    @cached_property
    def params_without_dates(self) -> dict[str, str]:
        return {name: value for name, value in self.params.items() if name not in ByDate.base_filters}

    def is_at(self, url: str) -> bool:
        """Tell if the request came to this URL. Parameters that mean nothing here don't count."""
        path, _, query = url.partition("?")
        known = [*self.filter.filters, "page"]
        given = urlencode([(name, value) for name, value in self.request.GET.items() if name in known])
        return escape_uri_path(self.request.path) == path and sorted(given.split("&")) == sorted(query.split("&"))


def add_params(path: str, params: dict[str, str]) -> str:
    return f"{path}?{urlencode(params)}" if params else path
