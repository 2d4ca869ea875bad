"""Months: their pages, and the chart that leads to them."""

from datetime import UTC, date, datetime

import time_machine
from django.test import TestCase

from stories.listings.coverage import Coverage
from stories.listings.listing import Listing, Month
from stories.listings.months import months_before, months_between
from stories.models import Tag
from tests.cast import NOON, region, story


def at(year, month, day=15):
    return datetime(year, month, day, 12, tzinfo=UTC)


@time_machine.travel(NOON, tick=False)
class MonthPageTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        for day in range(1, 13):
            story(f"March {day}", at=at(2026, 3, day), tags=["Coast" if day % 2 else "Ships"], region=region("Europe"))
        story("February", at=at(2026, 2), tags=["Coast"], region=region("Europe"))
        story("April Fool", at=at(2026, 4, 1), tags=["Coast"], region=region("Worldwide"))
        story("To come", at=at(2026, 7), tags=["Coast"])

    def headlines(self, address):
        return [one.headline for one in self.client.get(address).context["stories"]]

    def test_a_month_has_its_stories_and_no_other(self):
        self.assertEqual(self.headlines("/archive/2026/03/")[:2], ["March 12", "March 11"])
        self.assertEqual(self.headlines("/archive/2026/03/?page=2"), ["March 2", "March 1"])
        self.assertEqual(self.headlines("/archive/2026/04/"), ["April Fool"])

    def test_it_has_them_within_a_tag_and_a_region(self):
        self.assertEqual(len(self.headlines("/tags/coast/2026/03/")), 6)
        self.assertEqual(self.headlines("/tags/coast/2026/04/"), ["April Fool"])
        self.assertEqual(self.headlines("/regions/worldwide/2026/04/"), ["April Fool"])
        self.assertEqual(len(self.headlines("/regions/europe/2026/03/?tag=ships")), 6)

    def test_it_is_named_on_its_page(self):
        self.assertContains(self.client.get("/archive/2026/03/"), "Stories from March 2026")
        page = self.client.get("/tags/coast/2026/03/")
        self.assertContains(page, 'Displaying items by tag: <a href="/tags/coast/">Coast</a>, March 2026</h1>')
        self.assertContains(page, "<title>Coast, March 2026 – Newsdesk</title>")

    def test_a_month_without_stories_is_a_404(self):
        for address in ("/archive/2026/05/", "/archive/2026/07/", "/tags/ships/2026/04/", "/archive/2026/13/", "/archive/0000/01/", "/archive/2026/00/"):  # fmt: skip
            self.assertEqual(self.client.get(address).status_code, 404, address)

    def test_a_month_filtered_to_nothing_says_so_and_is_not_indexed(self):
        page = self.client.get("/tags/ships/2026/03/?region=worldwide")
        self.assertContains(page, "No stories match")
        self.assertContains(page, "noindex")

    def test_one_beyond_all_calendars_says_so_too(self):
        for month in ("9999/12", "0001/01", "2026/07"):
            page = self.client.get(f"/tags/coast/{month}/?region=europe")
            self.assertContains(page, "No stories match")

    def test_other_spellings_redirect(self):
        for spelling, address in (
            ("/archive/2026/3/", "/archive/2026/03/"),
            ("/tags/Coast/2026/3/?page=1", "/tags/coast/2026/03/"),
            ("/regions/Europe/2026/03", "/regions/europe/2026/03/"),
        ):
            self.assertRedirects(self.client.get(spelling), address, status_code=301)

    def test_it_is_indexed_with_two_terms_and_not_with_three(self):
        self.assertNotContains(self.client.get("/tags/coast/2026/03/"), "noindex")
        self.assertContains(self.client.get("/tags/coast/2026/03/?region=europe"), "noindex")

    def test_it_costs_as_much_as_any_page(self):
        for address in ("/archive/2026/03/", "/tags/coast/2026/03/"):
            with self.assertNumQueries(5):
                self.client.get(address)


@time_machine.travel(NOON, tick=False)
class CoverageTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        for year, month in ((2026, 6), (2026, 6), (2026, 2), (2024, 7), (2024, 6), (2020, 1)):
            story(at=at(year, month), tags=["Coast"])
        cls.coast = Tag.objects.get()

    def coverage(self, month=None):
        return Coverage(Listing(tag=self.coast, month=month), lambda month: f"{month:%Y-%m}")

    def test_it_shows_two_years_to_the_newest_month(self):
        bars = self.coverage().bars
        self.assertEqual([(bar.url, bar.slot) for bar in bars], [("2024-07", 0), ("2026-02", 19), ("2026-06", 23)])
        self.assertEqual([bar.top for bar in bars], [19, 19, 0])

    def test_it_leads_to_what_is_older_and_newer(self):
        newest, middle, oldest = self.coverage(), self.coverage(date(2024, 6, 1)), self.coverage(date(2020, 1, 1))
        self.assertEqual((newest.earlier_url, newest.later_url), ("2024-06", None))
        self.assertEqual((middle.earlier_url, middle.later_url), ("2020-01", "2024-07"))
        self.assertEqual((oldest.earlier_url, oldest.later_url), (None, "2024-06"))
        self.assertTrue(oldest.bars[0].is_current)

    def test_every_bar_on_a_page_says_its_month_and_its_number_in_words(self):
        page = self.client.get("/tags/coast/")
        self.assertContains(page, '<a href="/tags/coast/2026/06/"><title>June 2026: 2 stories</title>')
        self.assertContains(page, '<a href="/tags/coast/2026/02/"><title>February 2026: 1 story</title>')

    def test_it_keeps_the_region_filter_and_drops_the_dates(self):
        page = self.client.get("/tags/coast/?region=europe&since=2024-01-01")
        self.assertContains(page, 'href="/tags/coast/2026/06/?region=europe"')

    def test_one_month_makes_no_chart(self):
        story(tags=["Ships"])
        self.assertNotContains(self.client.get("/tags/ships/"), "Stories by month")

    def test_the_front_page_leads_to_the_archive(self):
        self.assertContains(self.client.get("/"), 'href="/archive/2026/06/"')

    def test_the_calendar_crosses_years(self):
        self.assertEqual(months_before(date(2026, 1, 1), 1), date(2025, 12, 1))
        self.assertEqual(months_before(date(2026, 12, 1), 24), date(2024, 12, 1))
        self.assertEqual(months_between(date(2024, 12, 1), date(2026, 1, 1)), 13)
        self.assertEqual(Month(date(2026, 12, 1), 1).end, datetime(2027, 1, 1, tzinfo=UTC))
