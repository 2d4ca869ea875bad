"""Redirects from the URLs that stories had in K2."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.models import Region, Status, Tag
from tests.cast import draft, ed, region, story


class LegacyURLTest(TestCase):
    """Eleven stories in a renamed region, under a tag that was renamed and merged."""

    @classmethod
    def setUpTestData(cls):
        europe = region("Europe")
        for number in range(11):
            story(f"Story {number}", tags=["Rus"], region=europe, import_ref=f"k2:{100 + number}")
        for old, new in (("Rus", "Russia"), ("Europe", "The Continent")):
            term = (Tag if old == "Rus" else Region).objects.get(name=old)
            term.name = new
            term.save()
        Tag.objects.create(name="Soviet Union").merge_into(Tag.objects.get(name="Russia"))

    def assert_leads(self, table):
        for asked, right in table.items():
            with self.subTest(asked):
                answer = self.client.get(asked)
                self.assertRedirects(answer, right, 301)
                self.assertIn("no-cache", answer["Cache-Control"])

    def assert_missing(self, *addresses):
        for asked in addresses:
            self.assertEqual(self.client.get(asked).status_code, 404, asked[:60])

    def test_tags_lead_to_their_pages(self):
        self.assert_leads({
            "/itemlist/tag/Russia": "/tags/russia/",
            "/itemlist/tag/Russia/": "/tags/russia/",
            "/index.php/itemlist/tag/Russia": "/tags/russia/",
            "/index.php/news/itemlist/tag/RUSSIA": "/tags/russia/",
            "/component/k2/itemlist/tag/rus?Itemid=101": "/tags/russia/",
            "/news/itemlist/tag/Soviet%20Union": "/tags/russia/",
        })  # fmt: skip
        self.assert_missing("/itemlist/tag/nothing", "/itemlist/tag/", "/itemlist/tag", "/itemlist/tag/a/b")

    def test_a_start_leads_to_the_page_that_has_it(self):
        self.assert_leads({
            "/itemlist/tag/Russia?start=0": "/tags/russia/",
            "/itemlist/tag/Russia?start=10": "/tags/russia/?page=2",
            "/news/itemlist/category/3-europe?start=10": "/regions/the-continent/?page=2",
            "/itemlist/tag/Russia?start=": "/tags/russia/",
        })  # fmt: skip
        self.assert_missing(
            *(f"/itemlist/tag/Russia?start={start}" for start in ("20", "-10", "ten", "1" * 99, "%00", "２"))
        )

    def test_categories_lead_to_their_regions(self):
        self.assert_leads({
            "/itemlist/category/3-europe": "/regions/the-continent/",
            "/index.php/itemlist/category/3-the-continent": "/regions/the-continent/",
        })  # fmt: skip
        self.assert_missing("/itemlist/category/3-nowhere", "/itemlist/category/3", "/itemlist/category/europe")

    def test_items_lead_to_their_stories_by_their_number(self):
        self.assert_leads({
            "/item/103-another-headline": "/stories/story-3/",
            "/index.php/europe/item/0103-x": "/stories/story-3/",
        })  # fmt: skip

    def test_an_items_number_is_enough_if_it_was_imported_by_it(self):
        self.assert_leads({"/item/103": "/stories/story-3/", "/news/item/103.html": "/stories/story-3/"})
        self.assert_missing("/item/999", "/item/999.html", "/item/.html", "/item/103.htm")

    def test_joomlas_html_suffix_is_ignored(self):
        self.assert_leads({
            "/itemlist/tag/Russia.html?start=10": "/tags/russia/?page=2",
            "/news/itemlist/category/3-europe.html": "/regions/the-continent/",
            "/item/103-x.html": "/stories/story-3/",
            "/item/999-story-3.html": "/stories/story-3/",
        })  # fmt: skip
        self.assert_missing("/itemlist/tag/nothing.html", "/item/999-nothing.html", "/tags/russia.html")

    def test_an_item_that_was_not_imported_by_number_leads_to_the_story_of_its_alias(self):
        self.assert_leads({"/item/999-story-3": "/stories/story-3/", "/item/103-story-4": "/stories/story-3/"})
        self.assert_missing("/item/999-nothing", "/item/story-3", f"/item/{'9' * 5000}-x", "/item/1-%00")

    def test_feeds_lead_to_feeds(self):
        self.assert_leads({
            "/?format=feed&type=rss": "/feed/",
            "/?format=feed&type=atom": "/feed/atom/",
            "/itemlist/tag/Rus?format=feed": "/tags/russia/feed/",
            "/news/itemlist/tag/Rus?format=feed&type=atom": "/tags/russia/feed/atom/",
            "/itemlist/category/3-europe?format=feed&type=rss": "/regions/the-continent/feed/",
        })  # fmt: skip
        self.assertEqual(self.client.get("/?format=html").status_code, 200)

    def test_unpublished_stories_have_no_legacy_url(self):
        draft("Secret draft", import_ref="k2:1")
        story("Secret schedule", import_ref="k2:2", at=timezone.now() + timedelta(days=1))
        self.assert_missing("/item/1-x", "/item/2-x", "/item/9-secret-draft")

    def test_a_withdrawn_story_is_gone_at_its_legacy_url_too(self):
        one = story("Wrong", import_ref="k2:7", status=Status.PUBLISHED)
        one.withdraw(by=ed(), comment="It was wrong.")
        self.assertContains(self.client.get("/item/7-wrong"), "withdrawn", status_code=410)

    def test_posts_are_refused(self):
        for asked in ("/itemlist/tag/Russia/", "/itemlist/category/3-europe/", "/item/103-x/"):
            self.assertEqual(self.client.post(asked).status_code, 405, asked)


class AnyLegacyURLTest(HypothesisTestCase):
    @given(
        st.sampled_from(["itemlist/tag/", "itemlist/category/3-", "item/3-", "x/item/", ""]),
        st.text(max_size=40),
        st.text(),
    )
    def test_no_url_causes_an_error(self, before, name, start):
        asked = f"/{before}{name}".encode(errors="replace").decode()
        answer = self.client.get(asked, {"start": start.encode(errors="replace").decode(), "format": "feed"})
        self.assertIn(answer.status_code, {200, 301, 404})
