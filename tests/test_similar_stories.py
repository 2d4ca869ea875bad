"""Warnings about earlier stories that a new one may repeat."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.models import Story
from stories.search.similar_stories import MAX_STORIES_PER_SOURCE, similar_stories
from tests.cast import draft, ed, person, rosa, story
from tests.test_story_admin import ADD, form

SIMILAR = reverse("admin:stories_story_similar")
TEXT = (
    "The ferry between Saltmere and Northquay sails again on Saturday, after eleven months in which its passengers "
    "had to take the coastal railway. The harbour authority has replaced both engines and the landing stage."
)


def near(headline="Another headline", body="", urls=(), **options):
    return [one.story.headline for one in similar_stories(headline, body, list(urls), **options)]


class SameSourceTest(TestCase):
    def setUp(self):
        self.story = story()
        self.story.sources.create(url="https://www.example.org/ferry")

    def test_a_story_with_the_same_source_is_found(self):
        [found] = similar_stories("Another headline", "", ["https://www.example.org/ferry"])
        self.assertEqual(found.why, "same source: https://www.example.org/ferry")
        self.assertEqual(near(urls=["https://www.example.org/train"]), [])

    def test_equivalent_urls_are_the_same_source(self):
        for url in (
            "http://example.org/ferry/",
            "https://EXAMPLE.org/ferry#top",
            "https://example.org/ferry?utm_source=x",
        ):
            self.assertEqual(near(urls=[url]), ["Ferry returns to Saltmere"], url)
        self.assertEqual(near(urls=["https://example.org/ferry?page=2"]), [])

    def test_front_pages_and_frequent_sources_are_ignored(self):
        self.story.sources.create(url="https://example.org/")
        self.assertEqual(near(urls=["https://example.org/"]), [])
        for number in range(MAX_STORIES_PER_SOURCE):
            draft(f"Draft {number}").sources.create(url="https://example.org/ferry")
        self.assertEqual(near(urls=["https://example.org/ferry"]), [])

    def test_old_and_deleted_stories_and_the_story_itself_are_ignored(self):
        self.assertEqual(near(urls=["https://example.org/ferry"], exclude=self.story.pk), [])
        self.story.published_at = timezone.now() - timedelta(days=91)
        self.story.save()
        self.assertEqual(near(urls=["https://example.org/ferry"]), [])
        draft("Gone").sources.create(url="https://example.org/train")
        type(self.story).objects.filter(headline="Gone").delete()
        self.assertEqual(near(urls=["https://example.org/train"]), [])


class AlikeTextTest(TestCase):
    def test_a_text_with_a_few_changed_words_is_similar(self):
        story("Ferry sails again", body=f"<p>{TEXT}</p>")
        changed = TEXT.replace("Saturday", "Monday").replace("eleven", "<em>ten</em>")
        self.assertEqual(near("Ferry is back", f"<p>{changed}</p>"), ["Ferry sails again"])

    def test_the_same_words_in_another_order_are_not_similar(self):
        story("Ferry sails again", body=f"<p>{TEXT}</p>")
        words = " ".join(reversed(TEXT.split()))
        self.assertEqual(near("Ferry is back", f"<p>{words}</p>"), [])

    def test_the_same_headline_is_similar(self):
        draft("Ferry returns to Łódź")
        self.assertEqual(near("  ferry returns to lodz "), [])  # ł is another letter than l
        self.assertEqual(near("FERRY  returns to łodz"), ["Ferry returns to Łódź"])

    def test_three_are_returned_same_source_first_then_newest(self):
        for days in range(1, 5):
            story("Ferry returns", at=timezone.now() - timedelta(days=days), byline=str(days))
        story("Older").sources.create(url="https://example.org/ferry")
        found = similar_stories("Ferry returns", "", ["https://example.org/ferry"])
        self.assertEqual(
            [(one.story.headline, one.story.byline) for one in found[:2]], [("Older", ""), ("Ferry returns", "1")]
        )
        self.assertEqual(len(found), 3)

    def test_the_queries_are_bounded(self):
        for number in range(30):
            story(f"Ferry {number}", body=f"<p>{TEXT}</p>").sources.create(url=f"https://example.org/{number}")
        with CaptureQueriesContext(connection) as queries:
            near("Ferry is back", f"<p>{TEXT}</p>", [f"https://example.org/{number}" for number in range(30)])
        self.assertEqual(len(queries), 15)


class SimilarStoriesOnTheFormTest(TestCase):
    def setUp(self):
        self.client.force_login(rosa())
        self.story = draft("Ferry returns")

    def near(self, **typed):
        return self.client.post(SIMILAR, {"headline": "Ferry returns", "body": ""} | typed).json()["similar"]

    def test_the_answer_names_headline_reason_and_url(self):
        [said] = self.near()
        self.assertEqual((said["headline"], said["why"]), ("Ferry returns", "similar text"))
        self.assertIn("draft, ", said["status"])
        self.assertEqual(said["url"], reverse("admin:stories_story_change", args=[self.story.pk]))

    def test_the_story_itself_is_left_out(self):
        self.assertEqual(self.near(story=self.story.pk), [])

    def test_users_who_may_not_see_stories_get_none(self):
        stranger = person("sam", is_staff=True)
        stranger.user_permissions.add(Permission.objects.get(codename="add_story"))
        self.client.force_login(stranger)
        self.assertEqual(self.near(), [])

    def test_it_never_prevents_saving(self):
        self.assertContains(self.client.get(ADD), f'data-similar-stories="{SIMILAR}"')
        self.client.post(ADD, form(headline="Ferry returns"))
        self.assertEqual(Story.objects.filter(headline="Ferry returns").count(), 2)

    def test_incomplete_sources_are_ignored(self):
        self.story.sources.create(url="https://example.org/ferry")
        rows = {"sources-url": ["https://", "example.org/ferry"], "sources-label": ["", ""]}
        self.assertEqual(len(self.near(headline="x", **rows)), 1)


class AnythingTypedTest(HypothesisTestCase):
    @settings(deadline=None)
    @given(st.text(), st.text(), st.text())
    def test_nothing_typed_is_an_error(self, headline, body, url):
        self.client.force_login(ed())
        typed = {"headline": headline, "body": body, "sources-url": url, "sources-label": ""}
        data = {name: value.encode("utf-8", "replace").decode() for name, value in typed.items()}
        self.assertEqual(self.client.post(SIMILAR, data).status_code, 200)
