"""The standfirst: a sentence below the headline."""

import json

from django.core.exceptions import ValidationError
from django.test import TestCase

from stories import search
from stories.models import Story
from tests.cast import story
from tests.test_story_meta import read_json_ld, read_meta

TEXT = "Boats <sail> again & again."
SHOWN = '<p class="standfirst">Boats &lt;sail&gt; again &amp; again.</p>'
EMPTY = '<p class="standfirst">'


class StandfirstTest(TestCase):
    def setUp(self):
        self.one = story("Ferry returns", tags=["Coast"], standfirst=TEXT, body="<p>The pier is open.</p>")
        self.url = self.one.get_absolute_url()

    def without(self):
        Story.objects.update(standfirst="")

    def test_readers_see_it_on_the_page_and_in_lists(self):
        for url in (self.url, "/", "/tags/coast/"):
            self.assertContains(self.client.get(url), SHOWN, count=1)
        self.without()
        self.assertNotContains(self.client.get(self.url), EMPTY)

    def test_feeds_have_it_as_text_and_as_summary(self):
        item = json.loads(self.client.get("/feed.json").content)["items"][0]
        self.assertEqual(item["summary"], TEXT)
        self.assertTrue(item["content_html"].startswith(SHOWN))
        self.without()
        self.assertNotIn("summary", json.loads(self.client.get("/feed.json").content)["items"][0])

    def test_shared_links_and_search_engines_read_it_as_the_description(self):
        page = self.client.get(self.url)
        self.assertEqual({read_meta(page)[name] for name in ("description", "og:description")}, {TEXT})
        self.assertEqual(read_meta(page)["og:image:alt"], f"Ferry returns: {TEXT}")
        self.assertEqual(read_json_ld(page)[0]["description"], TEXT)

    def test_the_search_finds_it(self):
        self.assertEqual(search.filter_stories(Story.objects.all(), "boats sail").count(), 1)
        self.without()
        self.assertEqual(search.filter_stories(Story.objects.all(), "boats sail").count(), 0)

    def test_three_hundred_characters_are_the_limit(self):
        self.one.standfirst = "x" * 300
        self.one.full_clean()
        self.one.standfirst += "x"
        with self.assertRaisesMessage(ValidationError, "300"):
            self.one.full_clean()
