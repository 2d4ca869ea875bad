"""The sidebar of a list: regions with exact numbers, tags of its newest stories, and the front page's digest."""

from datetime import timedelta

import time_machine
from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser

from stories.models import Tag
from stories.public.sidebar import HEADLINES_PER_REGION, SAMPLED_STORIES
from tests.cast import NOON, draft, region, story

DAY = timedelta(days=1)


@time_machine.travel(NOON, tick=False)
class SidebarTest(TestCase):
    def setUp(self):
        self.world = region("Worldwide")
        story("Ferry", tags=["Coast", "Ferries"], at=NOON - DAY)
        story("Harbour", tags=["Coast", "Ferries", "Ports"], at=NOON - 2 * DAY)
        story("Reef", tags=["Coast"], region=self.world, at=NOON - 3 * DAY)

    def page(self, address):
        return LexborHTMLParser(self.client.get(address).content.decode())

    def chips(self, address):
        return [chip.text() for chip in self.page(address).css("#tags-beside ~ .tags a")]

    def numbers(self, address):
        return {
            link.attributes["href"]: link.text(deep=True).split()[-2] for link in self.page(address).css(".counts a")
        }

    def test_a_tag_page_counts_stories_by_region(self):
        self.assertEqual(
            self.numbers("/tags/coast/"), {"/tags/coast/?region=europe": "2", "/tags/coast/?region=worldwide": "1"}
        )

    def test_only_what_readers_see_is_counted(self):
        draft(tags=["Coast"])
        story(tags=["Coast"], at=NOON + DAY)
        story(tags=["Coast"], at=NOON + 300 * DAY)
        self.assertEqual(self.numbers("/tags/coast/")["/tags/coast/?region=europe"], "2")

    def test_a_region_without_the_tag_is_not_offered(self):
        region("Arctic")
        story(tags=["Ports"], region=self.world, at=NOON + DAY)
        self.assertEqual(list(self.numbers("/tags/ports/")), ["/tags/ports/?region=europe"])

    def test_dates_and_months_do_not_change_the_numbers(self):
        for address in ("/tags/coast/?until=2026-06-13", "/tags/coast/2026/06/", "/tags/coast/?region=worldwide"):
            self.assertEqual(self.numbers(address)["/tags/coast/?region=europe"], "2", address)

    def test_tags_that_often_occur_with_a_tag_come_first(self):
        self.assertEqual(self.chips("/tags/coast/"), ["Ferries", "Ports"])
        self.assertEqual(self.chips("/tags/coast/?region=worldwide"), [])

    def test_region_and_front_page_show_trending_tags(self):
        self.assertEqual(self.chips("/"), ["Coast", "Ferries", "Ports"])
        self.assertEqual(self.chips("/regions/worldwide/"), ["Coast"])

    def test_a_month_shows_its_own_tags(self):
        story(tags=["Snow"], at=NOON - 90 * DAY)
        self.assertEqual(self.chips("/archive/2026/03/"), ["Snow"])

    def test_only_the_newest_stories_are_sampled(self):
        for number in range(SAMPLED_STORIES):
            story(f"Gale {number}", tags=["Weather"], at=NOON - timedelta(minutes=number))
        self.assertEqual(self.chips("/"), ["Weather"])

    def test_the_front_page_begins_with_the_newest_of_each_region(self):
        for number in range(HEADLINES_PER_REGION):
            story(f"Gale {number}", at=NOON - timedelta(hours=number))
        story("Tomorrow", at=NOON + DAY)
        digest = self.page("/").css_first(".digest")
        self.assertEqual([link.text() for link in digest.css(".headlines a")], ["Gale 0", "Gale 1", "Reef"])

    def test_no_other_page_has_a_digest(self):
        for address in ("/archive/2026/06/", "/tags/coast/", "/regions/europe/", "/?since=2026-06-01", "/tags/"):
            self.assertIsNone(self.page(address).css_first(".digest"), address)

    def test_a_site_without_stories_has_an_empty_sidebar(self):
        Tag.objects.all().delete()
        self.assertEqual(self.chips("/?until=2020-01-01"), [])
        self.assertEqual(self.client.get("/?until=2020-01-01").status_code, 200)

    def test_each_list_names_its_feeds(self):
        links = [link.attributes["href"] for link in self.page("/tags/coast/?region=europe").css("#feeds ~ ul a")]
        self.assertEqual(links[0], "/tags/coast/feed/?region=europe")
        self.assertEqual(len(links), 3)
