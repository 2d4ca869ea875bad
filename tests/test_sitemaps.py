"""Sitemaps and robots.txt."""

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from xml.etree import ElementTree

import time_machine
from django.test import TestCase

from stories.models import Status, Story, Tag
from tests.cast import NOON, draft, ed, region, story

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@time_machine.travel(NOON, tick=False)
class SitemapTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON - timedelta(days=1), tick=False):
            for number in range(5):
                story(
                    f"May {number}", at=datetime(2026, 5, 1 + number // 2, tzinfo=UTC), tags=["Coast", f"Tag {number}"]
                )
        with time_machine.travel(NOON, tick=False):
            cls.ferry = story("Ferry & returns", at=NOON - timedelta(hours=47), tags=["Ships"])
            draft("Secret draft", tags=["Secret tag"], region=region("Secret region"))
            story("Secret schedule", at=NOON + timedelta(days=40), tags=["Secret tag"])
            story("Secret withdrawn", status=Status.WITHDRAWN, at=NOON, tags=["Secret tag"])

    def entries(self, address="/sitemap.xml"):
        """Return {path: when it last changed}."""
        root = ElementTree.fromstring(self.client.get(address).content)  # noqa: S314 (our own)
        found = [(entry.findtext(f"{MAP}loc"), entry.findtext(f"{MAP}lastmod")) for entry in root]
        self.assertTrue(all(place.startswith("http://testserver/") for place, _ in found))
        self.assertEqual(len(found), len(dict(found)))
        return {place.removeprefix("http://testserver"): moment for place, moment in found}

    def everything(self):
        return [place for part in self.entries() for place in self.entries(part)]

    def test_the_index_has_a_part_for_each_month_and_the_lists(self):
        self.assertEqual(list(self.entries()), [
            "/sitemaps/lists.xml",
            "/sitemaps/tags-1.xml",
            "/sitemaps/stories-2026-06-1.xml",
            "/sitemaps/stories-2026-05-1.xml",
        ])  # fmt: skip

    def test_every_public_page_is_listed_once_and_no_other(self):
        wanted = [one.get_absolute_url() for one in Story.objects.published()]
        wanted += [f"/tags/{slug}/" for slug in ("coast", "ships", *(f"tag-{number}" for number in range(5)))]
        wanted += ["/", "/tags/", "/regions/europe/", "/archive/2026/05/", "/archive/2026/06/"]
        self.assertEqual(sorted(self.everything()), sorted(wanted))
        for address in self.everything():
            self.assertEqual(self.client.get(address).status_code, 200, address)
            self.assertNotContains(self.client.get(address), "noindex", msg_prefix=address)

    def test_a_scheduled_story_appears_and_a_withdrawn_one_disappears(self):
        self.ferry.withdraw(by=ed(), comment="It was wrong.")
        self.assertNotIn(self.ferry.get_absolute_url(), self.everything())
        with time_machine.travel(NOON + timedelta(days=41), tick=False):
            self.assertIn("/stories/secret-schedule/", self.everything())

    def test_it_says_when_a_page_last_changed(self):
        part, month = "/sitemaps/stories-2026-05-1.xml", "/sitemap.xml"
        self.assertEqual(self.entries(part)["/stories/may-1/"], "2026-06-14T12:00:00Z")
        self.assertEqual(self.entries(month)[part], "2026-06-14T12:00:00Z")
        Story.objects.get(slug="may-1").save()
        self.assertEqual(self.entries(part)["/stories/may-1/"], "2026-06-15T12:00:00Z")
        self.assertEqual(self.entries(month)[part], "2026-06-15T12:00:00Z")

    def test_the_index_has_no_date_for_months_without_a_recent_save(self):
        with patch("stories.public.sitemaps.MAX_SAVED_STORIES", 1):
            self.assertEqual(list(self.entries().values()), [None, None, "2026-06-15T12:00:00Z", None])

    def test_a_full_month_and_many_tags_are_split(self):
        whole = sorted(self.everything())
        with patch("stories.public.sitemaps.MAX_PART_URLS", 2):
            parts = [part for part in self.entries() if "2026-05" in part]
            self.assertEqual([len(self.entries(part)) for part in parts], [2, 2, 1])
            self.assertGreater(len([part for part in self.entries() if "/tags-" in part]), 2)
            self.assertEqual(sorted(self.everything()), whole)

    def test_a_new_story_changes_only_the_last_part_of_its_month(self):
        with patch("stories.public.sitemaps.MAX_PART_URLS", 2):
            before = self.entries("/sitemaps/stories-2026-05-1.xml")
            story("May 9", at=datetime(2026, 5, 20, tzinfo=UTC))
            self.assertEqual(self.entries("/sitemaps/stories-2026-05-1.xml"), before)
            self.assertIn("/stories/may-9/", self.entries("/sitemaps/stories-2026-05-3.xml"))

    def test_a_missing_part_is_a_404(self):
        for part in ("stories-2026-05-2", "stories-2026-05-0", "stories-2026-04-1", "stories-2026-13-1", "stories-0000-00-1",
                     "stories-2026-05-99999", f"stories-2026-05-{'9' * 5000}", "stories-2026-05-1\x00", "tags-2", "nothing"):  # fmt: skip
            self.assertEqual(self.client.get(f"/sitemaps/{part}.xml").status_code, 404, part[:30])

    def test_each_costs_the_same_queries_at_any_size(self):
        for address, queries in (("/sitemap.xml", 3), ("/sitemaps/stories-2026-05-1.xml", 2), ("/sitemaps/tags-1.xml", 3),
                                 ("/sitemaps/lists.xml", 4), ("/sitemap-news.xml", 1), ("/robots.txt", 0)):  # fmt: skip
            with self.subTest(address), self.assertNumQueries(queries):
                self.client.get(address)

    def test_an_empty_site_has_a_sitemap_too(self):
        Story.objects.all().delete()
        Tag.objects.all().delete()
        self.assertEqual(self.everything(), ["/", "/tags/"])


@time_machine.travel(NOON, tick=False)
class NewsSitemapTest(TestCase):
    def stories(self):
        root = ElementTree.fromstring(self.client.get("/sitemap-news.xml").content)  # noqa: S314 (our own)
        return [entry.find(f"{NEWS}news") for entry in root]

    def titles(self):
        return [one.findtext(f"{NEWS}title") for one in self.stories()]

    def test_it_has_what_search_engines_require(self):
        story("Ferry & <quay>\ufffe", at=NOON - timedelta(hours=1))
        [one] = self.stories()
        said = [one.findtext(f"{NEWS}{name}") for name in ("title", "publication_date")]
        self.assertEqual(said, ["Ferry & <quay>", "2026-06-15T11:00:00Z"])
        publication = one.find(f"{NEWS}publication")
        self.assertEqual([publication.findtext(f"{NEWS}{name}") for name in ("name", "language")], ["Newsdesk", "en"])

    def test_it_has_the_stories_of_two_days(self):
        story("To come", at=NOON + timedelta(hours=1))
        story("In time", at=NOON - timedelta(hours=48))
        story("Too old", at=NOON - timedelta(hours=48, seconds=1))
        self.assertEqual(self.titles(), ["In time"])
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            self.assertEqual(self.titles(), ["To come"])

    def test_it_has_no_more_than_search_engines_accept(self):
        for hour in range(3):
            story(f"Story {hour}", at=NOON - timedelta(hours=hour))
        with patch("stories.public.sitemaps.MAX_NEWS", 2):
            self.assertEqual(self.titles(), ["Story 0", "Story 1"])

    def test_it_is_not_cached_because_it_changes_with_the_clock(self):
        self.assertNotIn("public", self.client.get("/sitemap-news.xml").get("Cache-Control", ""))
        self.assertIn("public", self.client.get("/sitemap.xml")["Cache-Control"])


class RobotsTest(TestCase):
    def test_it_names_the_disallowed_paths_and_the_sitemaps(self):
        text = self.client.get("/robots.txt").content.decode()
        self.assertEqual(re.findall("Disallow: (.*)", text), ["/admin/", "/search/", "/preview/", "/tags/?q="])
        sitemaps = re.findall("Sitemap: http://testserver(.*)", text)
        self.assertEqual(sitemaps, ["/sitemap.xml", "/sitemap-news.xml"])
        for address in sitemaps:
            self.assertEqual(self.client.get(address).status_code, 200)
