"""Feeds of the lists in each format."""

import json
from datetime import timedelta
from unittest import TestCase as PlainTestCase
from xml.etree import ElementTree

import time_machine
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.test import TestCase, override_settings
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from newsdesk.page_cache import PageCache
from stories.fields import columns
from stories.listings.site_version import SiteVersionTracker
from stories.listings.story_rows import ListedRegion, ListedStory, ListedTerm
from stories.models import Story, Tag
from stories.public.feed_formats import FORMATS
from stories.public.feeds import FrontFeed
from stories.text.xml import strip_illegal
from tests.cast import NOON, ed, region, story
from tests.test_settings import PRODUCTION, manage
from tests.visitor import visit

ATOM = "{http://www.w3.org/2005/Atom}"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
EVERY_FEED = [beside + path for beside in ("/", "/tags/coast/", "/regions/europe/") for path in
              ("feed/", "feed/atom/", "feed.json")]  # fmt: skip


@time_machine.travel(NOON, tick=False)
class FeedTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON - timedelta(days=1), tick=False):
            for number in range(11):
                story(f"Old {number}", tags=["Coast"], region=region("Worldwide"), at=NOON - timedelta(days=9 + number))
            cls.ferry = story(
                "Ferry & <quay>", tags=["Coast", "Ships"], byline="Rosa", at=NOON, body="<p>It’s <em>back</em>.</p>"
            )
            cls.ferry.sources.create(url="https://www.example.org/?a=1&b=2", label="Harbour")

    def xml(self, address):
        return ElementTree.fromstring(self.client.get(address).content)  # noqa: S314 (our own)

    def json(self, address="/feed.json"):
        return json.loads(self.client.get(address).content)

    def titles(self, address):
        return [item["title"] for item in self.json(address)["items"]]

    def test_rss_has_all_that_a_story_page_has(self):
        channel = self.xml("/feed/").find("channel")
        self.assertEqual([channel.findtext(name) for name in ("title", "link")], ["Newsdesk", "http://testserver/"])
        self.assertTrue(channel.findtext("description"))
        self.assertEqual(channel.find(f"{ATOM}link[@rel='self']").get("href"), "http://testserver/feed/")
        item = channel.find("item")
        self.assertEqual(item.findtext("title"), "Ferry & <quay>")
        self.assertEqual(item.findtext("pubDate"), "Mon, 15 Jun 2026 12:00:00 +0000")
        self.assertEqual([found.text for found in item.iter("category")], ["Europe", "Coast", "Ships"])
        self.assertEqual((item.findtext(CREATOR), item.find("guid").get("isPermaLink")), ("Rosa", "false"))

    def test_the_body_is_whole_and_ends_with_its_sources(self):
        body = (
            '<p>It’s <em>back</em>. See <a href="https://www.example.org/?a=1&amp;b=2" rel="external">Harbour</a></p>'
        )
        self.assertEqual(self.xml("/feed/").findtext("channel/item/description"), body)
        self.assertEqual(self.xml("/feed/atom/").findtext(f"{ATOM}entry/{ATOM}content"), body)
        self.assertEqual(self.json()["items"][0]["content_html"], body)

    def test_the_standfirst_is_the_summary_in_plain_text(self):
        Story.objects.filter(pk=self.ferry.pk).update(standfirst="Fish & chips")
        self.assertEqual(self.json()["items"][0]["summary"], "Fish & chips")
        html = self.xml("/feed/atom/").findtext(f"{ATOM}entry/{ATOM}summary")
        self.assertEqual(html, "Fish &amp; chips")  # of the type "html"

    def test_a_story_without_standfirst_has_no_summary(self):
        self.assertNotIn("summary", self.json()["items"][0])
        self.assertIsNone(self.xml("/feed/atom/").find(f"{ATOM}entry/{ATOM}summary"))

    def test_links_within_the_site_are_absolute(self):
        body = '<p>See <a href="/tags/coast/">here</a> or <a href="//example.org/">there</a>, not href="/x".</p>'
        Story.objects.filter(pk=self.ferry.pk).update(body=body)
        said = self.json()["items"][0]["content_html"]
        self.assertIn('<a href="http://testserver/tags/coast/">here</a>', said)
        self.assertIn('<a href="//example.org/">there</a>, not href="/x".', said)

    def test_atom_has_all_that_it_must_have(self):
        feed = self.xml("/tags/coast/feed/atom/")
        for name in ("id", "title", "updated", f"author/{ATOM}name"):
            self.assertTrue(feed.findtext(ATOM + name), name)
        for entry in feed.iter(f"{ATOM}entry"):
            for name in ("id", "title", "updated", "published"):
                self.assertTrue(entry.findtext(ATOM + name), name)
        self.assertEqual(feed.find(f"{ATOM}link[@rel='self']").get("href"), "http://testserver/tags/coast/feed/atom/")
        self.assertEqual(feed.find(f"{ATOM}entry/{ATOM}content").get("type"), "html")

    def test_json_feed_has_all_that_it_must_have(self):
        feed = self.json("/tags/coast/feed.json?region=europe")
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        self.assertEqual((feed["title"], feed["home_page_url"], feed["feed_url"]), (
            "Newsdesk: Coast, Europe",
            "http://testserver/tags/coast/?region=europe",
            "http://testserver/tags/coast/feed.json?region=europe",
        ))  # fmt: skip
        [item] = feed["items"]
        self.assertEqual(item["authors"], [{"name": "Rosa"}])
        self.assertEqual(item["url"], f"http://testserver/stories/{self.ferry.slug}/")
        self.assertNotIn("next_url", feed)

    def test_each_has_its_media_type(self):
        for feed in FORMATS:
            self.assertTrue(self.client.get(f"/{feed.path}")["Content-Type"].startswith(feed.media_type), feed.name)

    def test_a_feed_has_the_newest_stories_of_its_list(self):
        self.assertEqual(self.titles("/feed.json"), ["Ferry & <quay>", *(f"Old {number}" for number in range(9))])
        self.assertEqual(self.titles("/tags/ships/feed.json"), ["Ferry & <quay>"])
        self.assertEqual(self.titles("/regions/europe/feed.json"), ["Ferry & <quay>"])
        self.assertEqual(self.titles("/regions/worldwide/feed.json?tag=ships"), [])
        with override_settings(FEED_STORIES=11):
            self.assertEqual(len(self.titles("/feed.json")), 11)

    def test_older_stories_are_on_the_next_page(self):
        following = self.json()["next_url"]
        self.assertEqual(following, "http://testserver/feed.json?page=2")
        self.assertEqual(self.titles(following), ["Old 9", "Old 10"])
        self.assertEqual(self.xml("/feed/atom/").find(f"{ATOM}link[@rel='next']").get("href"),
                         "http://testserver/feed/atom/?page=2")  # fmt: skip
        self.assertEqual(self.client.get("/feed/?page=3").status_code, 404)

    def test_an_id_stays_when_headline_and_url_change(self):
        before = self.json()["items"][0]
        Story.objects.filter(pk=self.ferry.pk).update(headline="Boat", slug="boat")
        after = self.json()["items"][0]
        self.assertEqual(before["id"], after["id"])
        self.assertNotEqual(before["url"], after["url"])
        self.assertEqual(after["id"], self.xml("/feed/").findtext("channel/item/guid"))

    def test_an_id_is_the_same_on_all_hosts_of_the_site(self):
        def ids(host, hosts):
            with override_settings(ALLOWED_HOSTS=hosts):
                return [item["id"] for item in self.client.get("/feed.json", SERVER_NAME=host).json()["items"]]

        ours = ids("news.example.org", [".Example.org", "example.net"])
        self.assertEqual(ours[0], f"tag:example.org,2026:story/{self.ferry.pk}")
        self.assertEqual(ours, ids("example.net", [".Example.org", "example.net"]))
        self.assertIn("tag:example.net,", ids("example.net", ["*"])[0])

    def test_updated_is_apart_from_published(self):
        entry = self.xml("/feed/atom/").find(f"{ATOM}entry")
        self.assertEqual(entry.findtext(f"{ATOM}updated"), "2026-06-15T12:00:00+00:00")  # saved the day before
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            Story.objects.get(pk=self.ferry.pk).save()
            feed = self.xml("/feed/atom/")
        self.assertEqual(feed.findtext(f"{ATOM}updated"), "2026-06-15T13:00:00+00:00")
        entry = feed.find(f"{ATOM}entry")
        self.assertEqual(entry.findtext(f"{ATOM}published"), "2026-06-15T12:00:00+00:00")
        self.assertEqual(entry.findtext(f"{ATOM}updated"), "2026-06-15T13:00:00+00:00")

    def test_a_withdrawn_story_is_gone_at_once(self):
        Story.objects.get(pk=self.ferry.pk).withdraw(by=ed(), comment="It was wrong.")
        for address in EVERY_FEED:
            self.assertNotContains(self.client.get(address), "quay", msg_prefix=address)

    def test_a_feed_costs_three_queries_and_those_to_find_its_terms(self):
        for address, queries in (("/feed/", 3), ("/tags/coast/feed/atom/", 3), ("/regions/europe/feed.json", 4),
                                 ("/tags/coast/feed/?region=europe", 4), ("/regions/europe/feed/?tag=coast", 5)):  # fmt: skip
            with self.subTest(address), self.assertNumQueries(queries):
                self.client.get(address)

    def test_an_unchanged_feed_is_a_304(self):
        for address in EVERY_FEED:
            first = self.client.get(address)
            self.assertEqual(self.client.get(address, headers={"if-none-match": first["ETag"]}).status_code, 304)
            self.assertNotIn("Last-Modified", first)

    def test_the_page_cache_keeps_feeds_as_it_keeps_pages(self):
        cache = PageCache(
            get_wsgi_application(),
            SiteVersionTracker(),
            max_bytes=10**6,
            max_outage_seconds=0,
            bypassed_paths=("/static/",),
        )
        first = visit(cache, "/feed/")
        visit(cache, "/feed/atom/", if_none_match=first.headers["etag"])
        self.assertEqual(len(cache.pages), 2)
        with self.assertNumQueries(0):
            self.assertEqual(visit(cache, "/feed/", if_none_match=first.headers["etag"]).status, 304)
        story("Newer")
        self.assertIn("Newer", visit(cache, "/feed/", if_none_match=first.headers["etag"]).text)

    def test_a_feed_has_one_url(self):
        tag = Tag.objects.get(name="Ships")
        tag.name = "Boats"
        tag.save()
        for asked, right in {
            "/tags/Ships/feed/": "/tags/boats/feed/",
            "/tags/ships/feed": "/tags/boats/feed/",
            "/tags/coast/feed.json?region=Europe": "/tags/coast/feed.json?region=europe",
            "/Feed/Atom": "/feed/atom/",
            "/feed/?page=1": "/feed/",
        }.items():
            self.assertRedirects(self.client.get(asked), right, 301, msg_prefix=asked)

    def test_an_unknown_feed_is_a_404_and_one_without_stories_is_empty(self):
        Tag.objects.create(name="Nowhere")
        for path in ("feed/", "feed/atom/", "feed.json"):
            self.assertEqual(self.client.get(f"/tags/nothing/{path}").status_code, 404)
            self.assertEqual(self.client.get(f"/tags/coast/{path}?region=nothing").status_code, 404)
            first, second = self.client.get(f"/tags/nowhere/{path}"), self.client.get(f"/tags/nowhere/{path}")
            self.assertEqual((first.status_code, first["ETag"]), (200, second["ETag"]))
        self.assertEqual(self.json("/tags/nowhere/feed.json")["items"], [])

    def test_no_parameter_causes_an_error(self):
        for address in EVERY_FEED:
            for name in ("page", "region", "tag", "since"):
                for value in ("\x00", "９", "1e9", "9" * 5_000, "x" * 100_000, "' OR 1=1", "<b>"):
                    self.assertIn(
                        self.client.get(address, {name: value}).status_code, {200, 404}, (address, name, value[:9])
                    )

    def test_a_list_links_its_feeds(self):
        for address, feed in {
            "/": "/feed/",
            "/?since=2026-01-01": "/feed/",
            "/archive/2026/06/": "/feed/",
            "/tags/coast/": "/tags/coast/feed/",
            "/tags/coast/?region=europe&since=2026-01-01": "/tags/coast/feed/?region=europe",
            "/regions/europe/2026/06/?tag=coast": "/regions/europe/feed/?tag=coast",
        }.items():
            page = LexborHTMLParser(self.client.get(address).content.decode())
            links = {link.attributes["type"]: link.attributes["href"] for link in page.css("link[rel=alternate]")}
            self.assertEqual(set(links), {"application/rss+xml", "application/atom+xml", "application/feed+json"})
            self.assertEqual(links["application/rss+xml"], feed)
            self.assertEqual(self.client.get(links["application/feed+json"]).status_code, 200)


class AnyTextTest(PlainTestCase):
    """Feeds of texts that the database would refuse today."""

    @given(
        st.text(st.characters(), max_size=30),
        st.text(st.sampled_from("\x00\x0b\x1f\x7f\x85\ufffe\ud800<&]>\"'"), max_size=9),
    )
    def test_no_text_breaks_a_feed(self, text, odd):
        said = f"{odd}{text}{odd}"
        listed = ListedStory(
            **dict.fromkeys((field.name for field in columns()), said),
            pk=1,
            updated_at=NOON,
            tags_in_order=[ListedTerm(said, "x")],
            sources_in_order=[],
        )
        listed.slug, listed.body, listed.published_at = "ferry", f"<p>{said}</p>", NOON
        listed.region = ListedRegion(said, "europe", 1)
        request = HttpRequest()
        request.META = {"HTTP_HOST": "testserver"}
        for feed in FORMATS:
            view = FrontFeed(format=feed, request=request)
            made = feed("Newsdesk", "http://testserver/", "The latest stories", next_url=None)
            made.add_item(**view.item(listed))
            written = made.writeString("utf-8").encode()
            if feed.name == "json":
                self.assertEqual(len(json.loads(written)["items"]), 1)
            else:
                ElementTree.fromstring(written)  # noqa: S314 (our own)

    def test_legal_characters_stay(self):
        self.assertEqual(strip_illegal("It’s\tfine\n\U0001f6a2 – Россия"), "It’s\tfine\n\U0001f6a2 – Россия")
        self.assertEqual(strip_illegal("a\x00\x0b\ufffe\ud800b"), "ab")


class NumberOfStoriesTest(PlainTestCase):
    def test_a_feed_of_none_or_of_very_many_is_refused(self):
        for number in ("0", "101"):
            result = manage("check", **PRODUCTION | {"FEED_STORIES": number})
            self.assertIn(f"FEED_STORIES must be a whole number from 1 to 100, not '{number}'.", result.stderr)
