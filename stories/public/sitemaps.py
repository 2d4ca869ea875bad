"""Sitemaps and robots.txt for search engines: an index, and parts that each cover a month, tags or lists.

Parts have a limited size, so they need a limited memory. Search engines accept 50,000 URLs in each.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.generic import View

from stories.listings.listing import Listing, Month, stories_by_tag
from stories.listings.months import first_of_month
from stories.models import Region, Story, Tag
from stories.paths import site_path
from stories.text.xml import strip_illegal

from .public_page import PublicPage

MAX_PART_URLS = 10_000
# The index reads when months changed from the stories saved last.
MAX_SAVED_STORIES = 1_000
NEWS_AGE, MAX_NEWS = timedelta(hours=48), 1_000
DISALLOWED_PATHS = ["/admin/", "/search/", "/preview/", "/tags/?q="]

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{sitemaps}"{more}>\n{entries}</{name}>\n'
ENTRY = "<{name}><loc>{url}</loc>{more}</{name}>\n"
LAST_CHANGED = "<lastmod>{:%Y-%m-%dT%H:%M:%SZ}</lastmod>"
NEWS_STORY = """
<news:news>
<news:publication><news:name>{site}</news:name><news:language>{language}</news:language></news:publication>
<news:publication_date>{moment:%Y-%m-%dT%H:%M:%SZ}</news:publication_date>
<news:title>{headline}</news:title>
</news:news>
"""


class Sitemap(View):
    """An XML list of URLs. Subclasses have `entries`, which gives pairs of a path and further XML."""

    name, more = "urlset", ""

    def get(self, request: HttpRequest, **part: int) -> HttpResponse:
        root = request.build_absolute_uri("/").removesuffix("/")
        name = self.name.removesuffix("set").removesuffix("index")
        entries = "".join(
            ENTRY.format(name=name, url=escape(root + path), more=more) for path, more in self.entries(**part)
        )
        document = DOCUMENT.format(name=self.name, sitemaps=SITEMAPS, more=self.more, entries=entries)
        return HttpResponse(document, content_type="application/xml; charset=utf-8")

    def entries(self, **part: int) -> Iterable[tuple[str, str]]:
        raise NotImplementedError


class SitemapIndex(PublicPage, Sitemap):
    """The list of all parts. Three queries, none of which grows with the archive."""

    name = "sitemapindex"

    def entries(self, **part: int) -> Iterator[tuple[str, str]]:
        yield site_path("sitemap-lists"), ""
        for number in range(1, count_tag_parts() + 1):
            yield site_path("sitemap-tags", number), ""
        changed = month_changes()
        for month in Listing().months:
            first_day = month.first_day
            more = last_changed(changed[first_day]) if first_day in changed else ""
            for number in range(1, count_parts(month) + 1):
                yield site_path("sitemap-stories", first_day.year, first_day.month, number), more


class StoriesSitemap(PublicPage, Sitemap):
    """Part of a month, the oldest stories first: a new story changes only the last part. Two queries."""

    def entries(self, **part: int) -> Iterator[tuple[str, str]]:
        month = get_month_or_404(part["year"], part["month"])
        for slug, live_at, updated_at in month_stories(month, part["number"]):
            # site_path() caches paths; so many would push out those that lists need.
            yield reverse("stories:story", args=[slug]), last_changed(max(live_at, updated_at))


class TagsSitemap(PublicPage, Sitemap):
    """Tags with stories that readers can see. Three queries."""

    def entries(self, **part: int) -> Iterator[tuple[str, str]]:
        number = part["number"]
        if not 1 <= number <= count_tag_parts():
            raise Http404("no such part")
        numbers = stories_by_tag()
        keys = {"pk__gte": (number - 1) * MAX_PART_URLS, "pk__lt": number * MAX_PART_URLS}
        for pk, slug in Tag.objects.filter(**keys).order_by("pk").values_list("pk", "slug"):
            if numbers.get(pk):
                yield reverse("stories:tag", args=[slug]), ""


class ListsSitemap(PublicPage, Sitemap):
    """All other lists. A query for each region, of which there are few."""

    def entries(self, **part: int) -> Iterator[tuple[str, str]]:
        yield site_path("front"), ""
        yield site_path("tags"), ""
        for region in Region.objects.all():
            if Listing(region=region).total:
                yield region.get_absolute_url(), ""
        for month in Listing().months:
            yield site_path("front-month", month.first_day.year, month.first_day.month), ""


class NewsSitemap(Sitemap):
    """The news of two days. One query. Never cached, because it changes with the clock alone."""

    more = f' xmlns:news="{NEWS}"'

    def entries(self, **part: int) -> Iterator[tuple[str, str]]:
        site, language = escape(strip_illegal(settings.SITE_NAME)), (get_language() or "en").partition("-")[0]
        news = Story.objects.published().filter(live_at__gte=timezone.now() - NEWS_AGE).newest_first()
        for slug, headline, moment in news.values_list("slug", "headline", "live_at")[:MAX_NEWS]:
            values = {"site": site, "language": language, "moment": moment, "headline": escape(strip_illegal(headline))}
            yield site_path("story", slug), NEWS_STORY.format(**values)


def count_tag_parts() -> int:
    """Return the number of parts with tags. A part is a range of primary keys, so nothing is counted. One query."""
    return (Tag.objects.aggregate(last=Max("pk"))["last"] or 0) // MAX_PART_URLS + 1


def count_parts(month: Month) -> int:
    return -(-month.stories // MAX_PART_URLS)


def get_month_or_404(year: int, month: int) -> Month:
    """Return the month with its number of stories. Raises Http404 without stories. One query."""
    found = [one for one in Listing().months if (one.first_day.year, one.first_day.month) == (year, month)]
    if not found:
        raise Http404("no stories in that month")
    return found[0]


def month_stories(month: Month, number: int) -> Iterable[tuple[Any, ...]]:
    """Return (slug, live_at, updated_at) for each story in that part of the month. Raises Http404. One query."""
    if not 1 <= number <= count_parts(month):
        raise Http404("no such part")
    within = Story.objects.published().filter(live_at__gte=month.start, live_at__lt=month.end)
    # The subquery skips the parts before in the index, without reading their stories.
    keys = within.order_by("live_at", "pk").values("pk")[(number - 1) * MAX_PART_URLS : number * MAX_PART_URLS]
    stories = Story.objects.filter(pk__in=keys).order_by("live_at", "pk")
    return stories.values_list("slug", "live_at", "updated_at")


def month_changes() -> dict[date, datetime]:
    """Return {first day of a month: last change of a story in it} for the stories saved last. One query."""
    saved = Story.objects.published().order_by("-updated_at", "-pk").values_list("live_at", "updated_at")
    changed: dict[date, datetime] = {}
    for live_at, updated_at in saved[:MAX_SAVED_STORIES]:
        month, moment = first_of_month(live_at), max(live_at, updated_at)
        changed[month] = max(moment, changed.get(month, moment))
    return changed


def last_changed(moment: datetime) -> str:
    return LAST_CHANGED.format(moment)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Name the paths that crawlers should leave alone, and the sitemaps."""
    sitemaps = [request.build_absolute_uri(site_path(name)) for name in ("sitemap", "sitemap-news")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED_PATHS)]
    lines += ["", *(f"Sitemap: {url}" for url in sitemaps)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
