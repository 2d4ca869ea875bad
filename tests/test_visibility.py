"""No list shows a story before its time: one story is scheduled 30 minutes ahead, and must be nowhere until then."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine
from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser

from stories.listings.listing import Listing, stories_by_tag
from stories.listings.related import Related
from stories.models import Region, Story, Tag
from stories.public.sidebar import Sidebar
from stories.search import SearchFilters, SearchResults, suggest
from tests.cast import NOON, region, story

HALF_AN_HOUR = timedelta(minutes=30)
SCHEDULED = "Fireworks tonight"
# The headline and the slug of the scheduled story, and a tag that no other story has.
TRACES = re.compile("fireworks|pyrotechnics", re.IGNORECASE)

LISTS = {
    "front page": "/",
    "front page from a day": "/?since=2026-06-15",
    "month": "/archive/2026/06/",
    "tag": "/tags/coast/",
    "tag from a day": "/tags/coast/?since=2026-06-15",
    "tag in a region": "/tags/coast/?region=europe",
    "tag in a month": "/tags/coast/2026/06/",
    "region": "/regions/europe/",
    "region with a tag": "/regions/europe/?tag=coast",
    "region in a month": "/regions/europe/2026/06/",
}
FEEDS = {
    f"{name}, {path}": f"{list_path}{path}"
    for name, list_path in (("front", "/"), ("tag", "/tags/coast/"), ("region", "/regions/europe/"))
    for path in ("feed/", "feed/atom/", "feed.json")
}
SITEMAPS = {
    "sitemap of stories": "/sitemaps/stories-2026-06-1.xml",
    "sitemap of tags": "/sitemaps/tags-1.xml",
    "sitemap of news": "/sitemap-news.xml",
}
SEARCHES = {
    "search": "/search/?q=tonight",
    "search for a phrase": '/search/?q="fires+tonight"',
    "search for a tag": "/search/?q=coast",
    "search in a region": "/search/?q=tonight&region=europe",
    "search in a month": "/search/?q=tonight&month=2026-06",
    "search with a tag": "/search/?q=tonight&tag=coast",
}
ITS_PAGES = {
    "story": "/stories/fireworks-tonight/",
    "card": "/stories/fireworks-tonight/card.png",
    "legacy URL": "/item/18-fireworks/",
}


class VisibilityTest(TestCase):
    """Nine stories in June and one in May are live, so that a list with the scheduled story would have a second page."""

    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(NOON, tick=False):
            cls.europe = region("Europe")
            for number in range(9):
                story(f"Ferry {number}, fires tonight", tags=["Coast"], at=NOON - timedelta(hours=number + 1))
            story("Lighthouse", tags=["Coast"], at=NOON - timedelta(days=31))
            scheduled = story(
                SCHEDULED,
                tags=["Coast", "Pyrotechnics"],
                at=NOON + HALF_AN_HOUR,
                body="<p>Fires tonight</p>",
                import_ref="k2:18",
            )
            scheduled.sources.create(url="https://example.org/fireworks", label="Harbour office")
        cls.coast = Tag.objects.get(name="Coast")

    def setUp(self) -> None:
        self.set_time(NOON)

    def set_time(self, moment: datetime) -> None:
        self.enterContext(time_machine.travel(moment, tick=False))

    def text(self, path: str) -> str:
        response = self.client.get(path)
        self.assertEqual(response.status_code, 200, path)
        return response.content.decode()

    def numbers(self, path: str, selector: str) -> list[str]:
        """Return the numbers in the text of the elements."""
        elements = LexborHTMLParser(self.text(path)).css(selector)
        return [number for element in elements for number in re.findall(r"\d+", element.text(deep=True))]

    def assert_hidden_until_its_time(self, paths: dict[str, str]) -> None:
        """Check that each page shows the story when its time has come: one that never does would prove nothing."""
        for name, path in paths.items():
            with self.subTest(f"{name} shows a story too early"):
                self.assertIsNone(TRACES.search(self.text(path)))
        self.set_time(NOON + HALF_AN_HOUR)
        for name, path in paths.items():
            with self.subTest(f"{name} does not show a story in time"):
                self.assertIsNotNone(TRACES.search(self.text(path)))

    def assert_changes_in_time(self, found: Callable[[], object], before: object, after: object) -> None:
        self.assertEqual(found(), before)
        self.set_time(NOON + HALF_AN_HOUR)
        self.assertEqual(found(), after)

    def test_no_list_has_it(self) -> None:
        self.assert_hidden_until_its_time(LISTS)

    def test_no_feed_has_it(self) -> None:
        self.assert_hidden_until_its_time(FEEDS)

    def test_no_sitemap_has_it(self) -> None:
        self.assert_hidden_until_its_time(SITEMAPS)

    def test_the_tag_index_has_no_tag_without_visible_stories(self) -> None:
        self.assert_hidden_until_its_time({"tag index": "/tags/", "filtered tag index": "/tags/?q=pyro"})

    def test_no_search_finds_it(self) -> None:
        self.assert_hidden_until_its_time(SEARCHES)

    def test_its_own_pages_do_not_exist(self) -> None:
        def statuses() -> set[int]:
            return {self.client.get(path).status_code for path in ITS_PAGES.values()}

        self.assert_changes_in_time(statuses, {404}, {200, 301})

    def test_no_tag_of_it_alone_has_a_month(self) -> None:
        def status() -> int:
            return self.client.get("/tags/pyrotechnics/2026/06/").status_code

        self.assert_changes_in_time(status, 404, 200)

    def test_no_list_counts_it(self) -> None:
        for name, listing in {
            "all": {},
            "tag": {"tag": self.coast},
            "region": {"region": self.europe},
            "tag and region": {"tag": self.coast, "region": self.europe},
            "dates": {"since": datetime(2026, 5, 1, tzinfo=UTC), "until": datetime(2026, 7, 1, tzinfo=UTC)},
        }.items():
            with self.subTest(name), time_machine.travel(NOON, tick=False):
                self.assertEqual((Listing(**listing).total, Listing(**listing).pages), (10, 1))
            with self.subTest(name), time_machine.travel(NOON + HALF_AN_HOUR, tick=False):
                self.assertEqual((Listing(**listing).total, Listing(**listing).pages), (11, 2))

    def test_no_page_number_counts_it(self) -> None:
        for path in ("/", "/tags/coast/", "/regions/europe/"):
            self.assertIn("Page 1 of 1", self.text(path))
        self.set_time(NOON + HALF_AN_HOUR)
        for path in ("/", "/tags/coast/", "/regions/europe/"):
            self.assertIn("Page 1 of 2", self.text(path))

    def test_no_month_counts_it(self) -> None:
        self.assert_changes_in_time(lambda: [month.stories for month in Listing().months], [9, 1], [10, 1])

    def test_no_bar_of_the_chart_counts_it(self) -> None:
        self.assert_changes_in_time(
            lambda: self.bars("/tags/coast/"), ["1 story", "9 stories"], ["1 story", "10 stories"]
        )

    def bars(self, path: str) -> list[str]:
        bars = LexborHTMLParser(self.text(path)).css(".coverage a title")
        return [bar.text().partition(": ")[2] for bar in bars]

    def test_no_number_of_the_sidebar_counts_it(self) -> None:
        self.assert_changes_in_time(
            lambda: Sidebar(Listing(tag=self.coast), Region.objects.all()).regions,
            [(self.europe, 10)],
            [(self.europe, 11)],
        )

    def test_no_number_on_a_tag_page_counts_it(self) -> None:
        self.assert_changes_in_time(lambda: self.numbers("/tags/coast/", ".counts a"), ["10"], ["11"])

    def test_no_sidebar_has_a_tag_of_it_alone(self) -> None:
        def tags() -> list[str]:
            return [tag.name for tag in Sidebar(Listing(), []).tags]

        self.assert_changes_in_time(tags, ["Coast"], ["Coast", "Pyrotechnics"])

    def test_no_digest_has_it(self) -> None:
        def headlines() -> list[str]:
            [(_, headlines)] = Sidebar(Listing(), [self.europe], digest=True).digest
            return [one.headline for one in headlines]

        before = ["Ferry 0, fires tonight", "Ferry 1, fires tonight"]
        self.assert_changes_in_time(headlines, before, [SCHEDULED, before[0]])

    def test_no_tag_counts_it(self) -> None:
        self.assert_changes_in_time(lambda: stories_by_tag()[self.coast.pk], 10, 11)

    def test_no_story_is_related_to_it(self) -> None:
        def is_related() -> bool:
            return SCHEDULED in {one.headline for one in Related(self.ferry()).close}

        self.assert_changes_in_time(is_related, False, True)

    def test_no_story_is_followed_by_it(self) -> None:
        def later() -> str | None:
            story_after = Related(self.ferry()).later
            return story_after and story_after.headline

        self.assert_changes_in_time(later, None, SCHEDULED)

    def ferry(self) -> Story:
        return Story.objects.with_related().get(headline="Ferry 0, fires tonight")

    def test_no_count_of_a_search_has_it(self) -> None:
        def counts() -> tuple:
            results = SearchResults("tonight", SearchFilters())
            return (
                len(results.ranked),
                [*results.regions().values()],
                [*results.months().values()],
                len(results.tags(9)),
            )

        self.assert_changes_in_time(counts, (9, [9], [9], 1), (10, [10], [10], 2))

    def test_no_suggestion_has_it(self) -> None:
        self.assert_changes_in_time(lambda: suggest("firewroks"), [], ["fireworks"])


class LastMomentsOfAMonthTest(TestCase):
    """A month, its page and its sitemap appear with its first story."""

    def test_a_month_begins_with_its_first_visible_story(self) -> None:
        first = datetime(2026, 7, 1, 0, 10, tzinfo=UTC) - timedelta(hours=1)  # ten past midnight in London
        with time_machine.travel(first - HALF_AN_HOUR, tick=False):
            story("Ferry", tags=["Coast"], at=NOON)
            story(SCHEDULED, tags=["Coast"], at=first)
            self.assertEqual([f"{month.first_day:%m}" for month in Listing().months], ["06"])
            for path in ("/archive/2026/07/", "/tags/coast/2026/07/", "/sitemaps/stories-2026-07-1.xml"):
                self.assertEqual(self.client.get(path).status_code, 404, path)
            for path in ("/sitemap.xml", "/sitemaps/lists.xml"):
                self.assertNotContains(self.client.get(path), "07")
        with time_machine.travel(first, tick=False):
            self.assertEqual([f"{month.first_day:%m}" for month in Listing().months], ["07", "06"])
            for path in ("/archive/2026/07/", "/tags/coast/2026/07/", "/sitemaps/stories-2026-07-1.xml"):
                self.assertEqual(self.client.get(path).status_code, 200, path)
            for path in ("/sitemap.xml", "/sitemaps/lists.xml"):
                self.assertContains(self.client.get(path), "07")

    def test_a_story_of_this_very_moment_is_visible_everywhere(self) -> None:
        with time_machine.travel(NOON, tick=False):
            story(SCHEDULED, tags=["Coast", "Pyrotechnics"], at=NOON)
            for name, path in {**LISTS, **FEEDS, **SITEMAPS}.items():
                self.assertIsNotNone(TRACES.search(self.client.get(path).content.decode()), name)
