"""What readers ask for. Each list is a class of a few lines: its stories, its filter, its address."""

from datetime import date
from functools import cached_property, partial
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import EmptyPage
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.encoding import escape_uri_path
from django.views.generic import DetailView, ListView, View

from stories.listings.coverage import Coverage
from stories.listings.listing import Listing, Page, Pager, stories_by_tag
from stories.listings.related import Related
from stories.models import Region, Status, Story, Tag, hue_number
from stories.paths import site_path
from stories.text.normalize import normal_form

from .feed_formats import FORMATS
from .filters import ByDate, ByRegionAndDate, ByTagAndDate
from .navigation import get_region, get_regions
from .sidebar import Sidebar
from .social_card import card


class PublicPage(View):
    """The same for everyone: the page cache keeps it, a CDN for as long as a page may be out of date."""

    def dispatch(self, *args, **kwargs):
        response = super().dispatch(*args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(
                response, public=True, max_age=0, s_maxage=settings.PAGE_CACHE_STALENESS, must_revalidate=True
            )
        else:
            # A browser keeps a permanent redirect for ever, and would never see that a merge was undone.
            patch_cache_control(response, no_cache=True)
        return response


class StoryList(PublicPage, ListView):
    """Stories newest first, ten a page; all of them, or those of the month that the address names.

    Every page has one address; any other spelling is sent there. `name` is the list's in urls.py, its months' begins
    with it.
    """

    name = "front"
    filterset_class = ByDate
    context_object_name = "stories"

    def get(self, request, *args, **kwargs):
        self.month = self.get_month()
        self.filter = self.filterset_class(request.GET, queryset=Story.objects.none(), request=request)
        is_valid = self.filter.is_valid()
        self.terms = self.filter.terms() if is_valid else {}
        listing = self.get_listing(month=self.month, **(self.filter.limits() if is_valid else {}))
        self.term = self.get_term(listing)
        if not is_valid:
            return self.render_page(listing, Page(1, 1, []), status=404)
        if self.month and not listing.total and not self.terms:
            raise Http404(f"no stories in {self.month:%Y-%m}")
        number = request.GET.get("page") or "1"
        if not self.is_at(self.page_url(number)):
            return HttpResponsePermanentRedirect(self.page_url(number))
        try:
            return self.render_page(listing, listing.page(number))
        except EmptyPage as error:
            raise Http404(str(error)) from error

    def get_month(self) -> date | None:
        """The first day of the month in the address, if there is one. Raises Http404."""
        if "month" not in self.kwargs:
            return None
        try:
            return date(self.kwargs["year"], self.kwargs["month"], 1)
        except ValueError as error:
            raise Http404("no such month") from error

    def get_listing(self, **limits) -> Listing:
        """What stands at this address, within these limits. Raises Http404."""
        return Listing(**limits)

    def get_term(self, listing):
        """The tag or region that the list is about; nothing for the front page."""
        return None

    def render_page(self, listing, page, status=200):
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

    def has_digest(self, page) -> bool:
        """Whether the newest headlines of each region stand at its head: on the first page of all stories only."""
        return page.number == 1 and not (self.term or self.month or self.terms)

    def has_too_many_terms(self) -> bool:
        """Two make a page worth finding; the combinations beyond are endless, and so are those of dates."""
        terms = [self.term, self.month, *self.terms]
        return self.filter.has_dates() or len([term for term in terms if term]) > 2

    def list_path(self, month: date | None) -> str:
        if month:
            return site_path(f"{self.name}-month", *self.slugs, month.year, month.month)
        return site_path(self.name, *self.slugs)

    def page_url(self, number) -> str:
        """The address of that page of this list, as it is filtered now."""
        return with_terms(self.list_path(self.month), self.terms | ({"page": number} if str(number) != "1" else {}))

    def month_url(self, month: date) -> str:
        """The address of this list's stories of another month; dates don't narrow a month."""
        return with_terms(self.list_path(month), self.terms_without_dates)

    def feed_url(self, feed) -> str:
        """The address of the feed beside this list, in a format of feed_formats.py; dates and months have none."""
        return with_terms(site_path(f"{self.name}-{feed.name}", *self.slugs), self.terms_without_dates)

    @property
    def slugs(self) -> list[str]:
        """What its addresses have of the term."""
        return [self.term.slug] if self.term else []

    @cached_property
    def terms_without_dates(self) -> dict[str, str]:
        return {name: value for name, value in self.terms.items() if name not in ByDate.base_filters}

    def is_at(self, address: str) -> bool:
        """Whether the request came to this address, apart from parameters that mean nothing here."""
        path, _, query = address.partition("?")
        meant = [*self.filter.filters, "page"]
        given = urlencode([(name, value) for name, value in self.request.GET.items() if name in meant])
        return escape_uri_path(self.request.path) == path and sorted(given.split("&")) == sorted(query.split("&"))


def with_terms(path: str, terms: dict) -> str:
    return f"{path}?{urlencode(terms)}" if terms else path


class FrontPage(StoryList):
    template_name = "stories/front_page.html"


class TagPage(StoryList):
    name = "tag"
    template_name = "stories/tag_page.html"
    filterset_class = ByRegionAndDate

    def get_listing(self, **limits):
        slug = self.kwargs["slug"]
        return Listing.at_tag(slug, **limits) or Listing(
            tag=term_or_404(Tag, Tag.objects.get_by_any_slug, slug), **limits
        )

    def get_term(self, listing):
        return listing.tag


class RegionPage(StoryList):
    name = "region"
    template_name = "stories/region_page.html"
    filterset_class = ByTagAndDate

    def get_listing(self, **limits):
        return Listing(region=term_or_404(Region, partial(get_region, self.request), self.kwargs["slug"]), **limits)

    def get_term(self, listing):
        return listing.region


def term_or_404(model, find, slug):
    try:
        return find(slug)
    except model.DoesNotExist as error:
        raise Http404(f"no {model._meta.verbose_name} at {slug!r}") from error


class TagIndex(PublicPage, ListView):
    """Every tag that readers can find a story under, A to Z, with how many; or those one of whose names has a text."""

    template_name = "stories/tag_index.html"

    def get_queryset(self):
        self.text = normal_form(self.request.GET.get("q", "")[:100])
        numbers = stories_by_tag()
        tags = [tag for tag in Tag.objects.called_like(self.text).order_by("normal") if numbers.get(tag.pk)]
        for tag in tags:
            tag.stories = numbers[tag.pk]
        return tags

    def get_context_data(self, **kwargs):
        letters = {}
        for tag in self.object_list:
            initial = tag.normal[0].upper()
            letters.setdefault(initial if initial.isalpha() else "#", []).append(tag)
        return super().get_context_data(letters=letters, text=self.text, **kwargs)


class StoryPage(PublicPage, DetailView):
    """A story that readers may see; 410 for one they could see once, 404 for one they never could."""

    template_name = "stories/story_page.html"
    context_object_name = "story"
    queryset = Story.objects.with_related()

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.object.is_live:
            if escape_uri_path(request.path) != self.get_address():
                return HttpResponsePermanentRedirect(self.get_address())
            return self.answer()
        if self.object.status == Status.WITHDRAWN and self.object.was_live:
            return render(request, "410.html", status=410)
        raise Http404("no such story")

    def get_address(self) -> str:
        return self.object.get_absolute_url()

    def answer(self):
        return self.render_to_response(self.get_context_data(related=Related(self.object)))

    def get_object(self, queryset=None):
        slug = self.kwargs["slug"]
        found = self.get_queryset().filter(slug__in={slug, slug.lower()})
        story = max(found, key=lambda story: story.slug == slug, default=None)
        if story is None:
            raise Http404("no such story")
        return story


class StoryCard(StoryPage):
    """The picture of a story for where its link is shared; there as long as the story is."""

    queryset = Story.objects.select_related("region")

    def get_address(self):
        return site_path("card", self.object.slug)

    def answer(self):
        story = self.object
        picture = card(story.headline, story.region.name, hue_number(story.region), settings.SITE_NAME)
        return HttpResponse(picture, content_type="image/png")
