"""The search for readers: what is found, ranked, with the ways to narrow it."""

from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.generic import TemplateView

from stories.listings.listing import PAGE_SIZE, Pager
from stories.listings.story_rows import ListedStory, fetch_stories, to_db_value
from stories.models import FIRST_MOMENT, LAST_MOMENT, Region, Tag
from stories.paths import site_path
from stories.search import MOST, Hits, SearchFilters, marked, snippet, suggest

from .article import body_with_sources
from .filters import TermField
from .navigation import get_region, get_regions

FACETS = 12


class Facet(NamedTuple):
    name: str
    stories: int
    address: str


class Shown(NamedTuple):
    """With the words marked that were looked for. Its text is all that a page shows: sources and any correction too."""

    story: ListedStory
    headline: SafeString
    snippet: SafeString


class LimitsForm(forms.Form):
    region = TermField(model=Region, required=False)
    tag = TermField(model=Tag, required=False)
    month = forms.DateField(
        input_formats=["%Y-%m"], required=False, error_messages={"invalid": "A month is written as in 2026-06."}
    )

    def __init__(self, data, request):
        super().__init__(data)
        self.fields["region"].find = partial(get_region, request)

    def clean_month(self):
        month = self.cleaned_data["month"]
        if month and not FIRST_MOMENT.date() <= month < LAST_MOMENT.date():
            raise forms.ValidationError("There are no stories of that year.")
        return month


# The page cache zips what it keeps; this it does not keep.
@method_decorator(gzip_page, name="dispatch")
class SearchPage(TemplateView):
    """What a text finds; whatever the text is. Thirteen queries at most, where what narrows it is spelled as its address is.

    No cache keeps it: its addresses are endless, and would push out the pages that are read.
    """

    template_name = "stories/search.html"

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        patch_cache_control(response, no_store=True)
        return response

    def get_context_data(self, **kwargs):
        # What came in no encoding at all is not a word either.
        self.text = self.request.GET.get("q", "").encode(errors="replace").decode().strip()
        form = LimitsForm(self.request.GET, self.request)
        context = {"text": self.text[:200], "errors": form.errors.values(), "most": MOST}
        if not (self.text and form.is_valid()):
            return super().get_context_data(**context, **kwargs)
        self.limits = SearchFilters(**form.cleaned_data)
        hits = Hits(self.text, self.limits)
        page = Paginator(hits.ranked, PAGE_SIZE).get_page(self.request.GET.get("page"))
        context |= {
            "hits": hits,
            "found": self.shown(page.object_list, hits.query),
            "pager": Pager(page.number, page.paginator.num_pages, lambda number: self.address(page=number)),
            "chosen": self.chosen(),
            "facets": self.facets(hits) if hits.ranked else [],
            "meant": [] if hits.ranked else [Facet(text, 0, self.address(q=text)) for text in suggest(self.text)],
        }
        return super().get_context_data(**context, **kwargs)

    def shown(self, hits, query):
        """The stories of these hits, in their order. Two queries, if there are any."""
        if not hits:
            return []
        keys = ", ".join(str(hit.pk) for hit in hits)
        statement = f"SELECT id FROM stories_story WHERE live_at < %s AND id IN ({keys})"  # noqa: S608 (of numbers)
        stories = {story.pk: story for story in fetch_stories(statement, [to_db_value(self.limits.until)])}
        found = [stories[hit.pk] for hit in hits if hit.pk in stories]
        return [
            Shown(story, marked(story.headline, query), snippet(body_with_sources(story), query)) for story in found
        ]

    def given(self):
        """{parameter: value} of what narrows it now."""
        limits = self.limits
        slugs = {name: term.slug for name, term in (("region", limits.region), ("tag", limits.tag)) if term}
        return slugs | ({"month": f"{limits.month:%Y-%m}"} if limits.month else {})

    def address(self, *, without=None, **changed):
        """Of this search with that changed; what changes begins on its first page."""
        given = {"q": self.text[:200]} | self.given() | changed
        return f"{site_path('search')}?{urlencode({name: value for name, value in given.items() if name != without})}"

    def chosen(self):
        """What narrows it, each with the address of the search without it."""
        named = {"region": self.limits.region, "tag": self.limits.tag, "month": self.limits.month}
        return [
            Facet(f"{value:%B %Y}" if name == "month" else value.name, 0, self.address(without=name))
            for name, value in named.items()
            if value
        ]

    def facets(self, hits):
        """{title: what narrows it further}, each with how many of the hits. One query."""
        regions, months = hits.regions(), hits.months().most_common(FACETS)
        found = {}
        if not self.limits.region:
            found["Regions"] = [
                Facet(region.name, regions[region.pk], self.address(region=region.slug))
                for region in get_regions(self.request)
                if region.pk in regions
            ]
        found["Tags"] = [
            Facet(name, stories, self.address(tag=slug))
            for name, slug, stories in hits.tags(FACETS)
            if not (self.limits.tag and self.limits.tag.slug == slug)
        ]
        if not self.limits.month:
            found["Months"] = [
                Facet(f"{month:%B %Y}", stories, self.address(month=f"{month:%Y-%m}"))
                for month, stories in sorted(months, reverse=True)
            ]
        return {title: facets for title, facets in found.items() if facets}
