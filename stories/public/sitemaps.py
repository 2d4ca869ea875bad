"""What search engines are told: robots.txt, and the sitemaps, an index and its parts by month, each read from an index.

What a part may hold is bounded, and with it the memory of a worker: 50,000 addresses are what search engines take.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe
from django.views.generic import View

from stories.listings.listing import Listing, Month, stories_by_tag
from stories.listings.months import first_of_month
from stories.models import Region, Story, Tag
from stories.paths import site_path
from stories.text.xml import strip_illegal

from .views import PublicPage

MOST = 10_000  # of a part
# The index knows when a month changed from so many stories that were saved last.
LAST_SAVED = 1_000
NEWS_LASTS, MOST_NEWS = timedelta(hours=48), 1_000

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{sitemaps}"{more}>\n{entries}</{name}>\n'
ENTRY = "<{name}><loc>{address}</loc>{more}</{name}>\n"
LAST_CHANGED = "<lastmod>{:%Y-%m-%dT%H:%M:%SZ}</lastmod>"
STORY_OF_NEWS = """
<news:news>
<news:publication><news:name>{site}</news:name><news:language>{language}</news:language></news:publication>
<news:publication_date>{moment:%Y-%m-%dT%H:%M:%SZ}</news:publication_date>
<news:title>{headline}</news:title>
</news:news>
"""


class Sitemap(View):
    """A list of addresses, as `entries` gives them: (path, what else is to be said of it in XML)."""

    name, more = "urlset", ""

    def get(self, request, **part):
        root = request.build_absolute_uri("/").removesuffix("/")
        name = self.name.removesuffix("set").removesuffix("index")
        entries = "".join(
            ENTRY.format(name=name, address=escape(root + path), more=more) for path, more in self.entries(**part)
        )
        document = DOCUMENT.format(name=self.name, sitemaps=SITEMAPS, more=self.more, entries=entries)
        return HttpResponse(document, content_type="application/xml; charset=utf-8")

    def entries(self) -> Iterable[tuple[str, str]]:
        raise NotImplementedError


class SitemapIndex(PublicPage, Sitemap):
    """Three queries, and none that grows with the archive."""

    name = "sitemapindex"

    def entries(self):
        yield site_path("sitemap-lists"), ""
        for number in range(1, tag_parts() + 1):
            yield site_path("sitemap-tags", number), ""
        changed = last_changed()
        for month in Listing().months:
            first_day = month.first_day
            more = last_changed_on(changed[first_day]) if first_day in changed else ""
            for number in range(1, count_parts(month) + 1):
                yield site_path("sitemap-stories", first_day.year, first_day.month, number), more


class StoriesSitemap(PublicPage, Sitemap):
    """Part of a month, the oldest first, so that a new story changes only the last part. Two queries."""

    def entries(self, year, month, number):
        for slug, live_at, updated_at in month_stories(get_month_or_404(year, month), number):
            # Not by site_path(), which remembers addresses: so many would push out those that lists need.
            yield reverse("stories:story", args=[slug]), last_changed_on(max(live_at, updated_at))


class TagsSitemap(PublicPage, Sitemap):
    """The tags that readers can find a story under. Three queries."""

    def entries(self, number):
        if not 1 <= number <= tag_parts():
            raise Http404("no such part")
        numbers = stories_by_tag()
        tags = Tag.objects.filter(pk__gte=(number - 1) * MOST, pk__lt=number * MOST).order_by("pk")
        for pk, slug in tags.values_list("pk", "slug"):
            if numbers.get(pk):
                yield reverse("stories:tag", args=[slug]), ""


class ListsSitemap(PublicPage, Sitemap):
    """All other lists. A query for each region, of which there are few."""

    def entries(self):
        yield site_path("front"), ""
        yield site_path("tags"), ""
        for region in Region.objects.all():
            if Listing(region=region).total:
                yield region.get_absolute_url(), ""
        for month in Listing().months:
            yield site_path("front-month", month.first_day.year, month.first_day.month), ""


class NewsSitemap(Sitemap):
    """The news of two days. One query. It is not kept: what stands in it goes by the clock alone."""

    more = f' xmlns:news="{NEWS}"'

    def entries(self):
        site, language = escape(strip_illegal(settings.SITE_NAME)), settings.LANGUAGE_CODE.partition("-")[0]
        news = Story.objects.published().filter(live_at__gte=timezone.now() - NEWS_LASTS).newest_first()
        for slug, headline, moment in news.values_list("slug", "headline", "live_at")[:MOST_NEWS]:
            said = {"site": site, "language": language, "moment": moment, "headline": escape(strip_illegal(headline))}
            yield site_path("story", slug), STORY_OF_NEWS.format(**said)


def tag_parts() -> int:
    """Tags are cut by their keys, for which nothing has to be counted. One query."""
    return (Tag.objects.aggregate(last=Max("pk"))["last"] or 0) // MOST + 1


def count_parts(month: Month) -> int:
    return -(-month.stories // MOST)


def get_month_or_404(year: int, month: int) -> Month:
    """Raises Http404 when it has no stories. One query."""
    found = [one for one in Listing().months if (one.first_day.year, one.first_day.month) == (year, month)]
    if not found:
        raise Http404("no stories in that month")
    return found[0]


def month_stories(month: Month, number: int):
    """(slug, live_at, updated_at) of that part of the month. Raises Http404 for one that is not there. One query."""
    if not 1 <= number <= count_parts(month):
        raise Http404("no such part")
    within = Story.objects.published().filter(live_at__gte=month.start, live_at__lt=month.end)
    # What is skipped of a very full month is skipped in the index, without reading the stories.
    keys = within.order_by("live_at", "pk").values("pk")[(number - 1) * MOST : number * MOST]
    stories = Story.objects.filter(pk__in=keys).order_by("live_at", "pk")
    return stories.values_list("slug", "live_at", "updated_at")


def last_changed() -> dict[date, datetime]:
    """{first day of a month: when one of its stories was last changed}, of the months lately at work on. One query."""
    saved = Story.objects.published().order_by("-updated_at", "-pk").values_list("live_at", "updated_at")[:LAST_SAVED]
    changed = {}
    for live_at, updated_at in saved:
        month, moment = first_of_month(live_at), max(live_at, updated_at)
        changed[month] = max(moment, changed.get(month, moment))
    return changed


def last_changed_on(moment: datetime) -> str:
    return LAST_CHANGED.format(moment)


@require_safe
def robots(request):
    """What crawlers are asked to leave alone, and where the sitemaps are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/admin/", "/search/", "/preview/", "/tags/?q="))]
    maps = [request.build_absolute_uri(site_path(name)) for name in ("sitemap", "sitemap-news")]
    lines += ["", *(f"Sitemap: {address}" for address in maps)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
