"""Metadata of a story's page: OpenGraph and JSON-LD."""

import json

import time_machine
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from selectolax.lexbor import LexborHTMLParser

from stories.models import Story
from tests.cast import NOON, draft, rosa, story

HOSTILE = "</script><script>alert(1)</script><!-- <b>&amp;"


def read_meta(page) -> dict:
    """Return {name: content} of a page's head; the last content of a name that comes twice."""
    found = LexborHTMLParser(page.content.decode()).css("meta[content]")
    return {one.attributes.get("property") or one.attributes.get("name"): one.attributes["content"] for one in found}


def read_json_ld(page) -> list[dict]:
    [script] = LexborHTMLParser(page.content.decode()).css("script[type='application/ld+json']")
    return json.loads(script.text())["@graph"]


@time_machine.travel(NOON, tick=False)
class StoryMetaTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON, tick=False):
            cls.story = story(
                "Ferry returns", tags=["Coast", "Ships"], byline="Rosa",
                body="<p>The <em>ferry</em> &amp; its crew.</p><p>Back at last.</p>",
            )  # fmt: skip
            cls.story.sources.create(url="https://www.example.org/ferry")
        cls.address = "http://testserver/stories/ferry-returns/"

    def page(self):
        return self.client.get("/stories/ferry-returns/")

    def test_a_link_to_it_can_be_shown_as_a_card(self):
        said = read_meta(self.page())
        self.assertEqual(said["og:title"], "Ferry returns")
        self.assertEqual(said["og:description"], "The ferry & its crew. Back at last.")
        self.assertEqual((said["og:type"], said["og:url"]), ("article", self.address))
        self.assertEqual(said["og:image"], "http://testserver/stories/ferry-returns/card.png")
        self.assertEqual(said["article:published_time"], "2026-06-15T12:00:00+01:00")
        self.assertEqual(said["twitter:card"], "summary_large_image")

    def test_a_long_body_is_summarised(self):
        Story.objects.filter(pk=self.story.pk).update(body=f"<p>{'Ferry ' * 100}</p>")
        summary = read_meta(self.page())["description"]
        self.assertLessEqual(len(summary), 200)
        self.assertTrue(summary.endswith("…"))

    def test_search_engines_read_that_it_is_news(self):
        article, _ = read_json_ld(self.page())
        said = {name: article[name] for name in ("@type", "headline", "url", "articleSection", "keywords", "citation")}
        self.assertEqual(said, {
            "@type": "NewsArticle", "headline": "Ferry returns", "url": self.address, "articleSection": "Europe",
            "keywords": ["Coast", "Ships"], "citation": ["https://www.example.org/ferry"],
        })  # fmt: skip
        self.assertEqual(article["author"], {"@type": "Person", "name": "Rosa"})
        self.assertEqual(article["datePublished"], "2026-06-15T11:00:00+00:00")
        self.assertEqual(article["publisher"]["name"], "Newsdesk")

    def test_without_a_byline_the_site_is_the_author(self):
        Story.objects.update(byline="")
        self.assertEqual(read_json_ld(self.page())[0]["author"]["name"], "Newsdesk")

    def test_search_engines_read_where_it_stands(self):
        _, breadcrumbs = read_json_ld(self.page())
        steps = [(step["position"], step["name"], step["item"]) for step in breadcrumbs["itemListElement"]]
        self.assertEqual(steps, [
            (1, "Newsdesk", "http://testserver/"),
            (2, "Europe", "http://testserver/regions/europe/"),
            (3, "Ferry returns", self.address),
        ])  # fmt: skip

    def test_a_preview_has_no_metadata(self):
        one = draft("Secret", created_by=rosa())
        self.client.force_login(one.created_by)
        page = self.client.get(f"/admin/stories/story/{one.pk}/preview/")
        self.assertContains(page, "noindex")
        self.assertNotContains(page, "ld+json")
        self.assertNotContains(page, "og:title")

    def test_search_engines_index_lists_of_two_terms_at_most(self):
        for address, found in (
            ("/tags/coast/", True), ("/tags/coast/?region=europe", True), ("/tags/coast/2026/06/", True),
            ("/tags/coast/2026/06/?region=europe", False), ("/regions/europe/2026/06/?tag=coast", False),
        ):  # fmt: skip
            self.assertEqual("robots" not in read_meta(self.client.get(address)), found, address)


class HostileMetaTest(HypothesisTestCase):
    @given(
        st.one_of(
            st.just(HOSTILE),
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=90),
        )
    )
    def test_no_text_breaks_out(self, text):
        Story.objects.all().delete()
        one = story("Ferry", byline=text)
        Story.objects.filter(pk=one.pk).update(headline=text, slug="ferry")
        page = self.client.get("/stories/ferry/")
        self.assertEqual(read_json_ld(page)[0]["headline"], text)
        self.assertEqual(page.content.count(b"<script"), 2)  # the theme, and this
