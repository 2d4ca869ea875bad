"""Live preview beside the form, preview links for people without an account, and duplicates."""

from datetime import timedelta
from unittest import mock

import time_machine
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from newsdesk.page_cache import is_cacheable
from stories.models import PreviewLink, Revision, Status, Story, Tag
from tests.cast import draft, ed, region, rosa, story
from tests.test_story_admin import ADD, change, form

LIVE = reverse("admin:stories_story_live_preview")


class PreviewLinkTest(TestCase):
    def setUp(self):
        self.rosa = rosa()
        self.client.force_login(self.rosa)
        self.story = draft("Lighthouse", tags=["Coast"], created_by=self.rosa)
        self.story.sources.create(url="https://example.org/a", label="Harbour Office")

    def share(self, days="7", story=None):
        return self.client.post(reverse("admin:stories_story_share", args=[(story or self.story).pk]), {"days": days})

    def read(self, link=None):
        return Client().get((link or PreviewLink.objects.get()).get_absolute_url())

    def test_a_link_shows_the_whole_draft_without_an_account(self):
        self.assertRedirects(self.share(), f"{change(self.story)}#share")
        for text in ("Lighthouse", "The ferry is back.", "Coast", "Harbour Office", "A preview"):
            self.assertContains(self.read(), text)

    def test_a_link_shows_the_text_saved_when_it_was_created(self):
        self.share()
        self.story.headline = "Beacon"
        self.story.save()
        self.story.record(by=self.rosa)
        self.assertContains(self.read(), "Lighthouse")
        self.assertNotContains(self.read(), "Beacon")

    def test_it_is_not_cached_and_sets_no_cookie(self):
        self.share()
        page = self.read()
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertFalse(is_cacheable("200 OK", page.headers.items()))
        self.assertEqual(page.cookies, {})

    def test_a_link_expires(self):
        self.share("1")
        with time_machine.travel(timezone.now() + timedelta(hours=23)):
            self.assertEqual(self.read().status_code, 200)
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            self.assertContains(self.read(), "This preview is closed", status_code=410)
            self.assertNotContains(self.read(), "Lighthouse", status_code=410)

    def test_a_link_can_be_revoked(self):
        self.share()
        link = PreviewLink.objects.get()
        self.client.post(reverse("admin:stories_story_revoke", args=[self.story.pk, link.pk]))
        self.assertNotContains(self.read(), "Lighthouse", status_code=410)
        self.assertContains(self.client.get(change(self.story)), "revoked")

    def test_withdrawing_the_story_revokes_its_links_but_not_later_ones(self):
        editor, one = ed(), story("Lighthouse", created_by=self.rosa)
        before = PreviewLink.objects.make(one, by=editor, lasts=timedelta(days=30))
        one.withdraw(by=editor, comment="It was wrong.")
        self.assertNotContains(self.read(before), "Lighthouse", status_code=410)
        after = PreviewLink.objects.make(one, by=editor, lasts=timedelta(days=30))
        self.assertContains(self.read(after), "Lighthouse")

    def test_a_link_can_only_be_revoked_on_its_own_story(self):
        self.share()
        other = draft(created_by=self.rosa)
        answer = self.client.post(reverse("admin:stories_story_revoke", args=[other.pk, PreviewLink.objects.get().pk]))
        self.assertEqual((answer.status_code, self.read().status_code), (404, 200))

    def test_the_link_of_a_deleted_story_is_not_found(self):
        self.share()
        link = PreviewLink.objects.get()
        self.story.delete(by=self.rosa)
        self.assertEqual(self.read(link).status_code, 404)

    def test_an_invalid_signature_costs_no_query(self):
        self.share()
        url = PreviewLink.objects.get().get_absolute_url()
        for wrong in (url[:-2] + "x/", "/preview/1/", "/preview/1.x/", "/preview/%00/", "/preview/.../"):
            with mock.patch.object(PreviewLink.objects, "filter", side_effect=AssertionError):
                self.assertEqual(Client().get(wrong).status_code, 404, wrong)

    def test_writers_share_only_their_own_drafts(self):
        for hidden in (draft(created_by=ed()), story(created_by=self.rosa)):
            self.assertEqual(self.share(story=hidden).status_code, 403)
            self.assertNotContains(self.client.get(change(hidden)), "Create link")
        self.assertFalse(PreviewLink.objects.exists())

    def test_an_unknown_duration_creates_no_link(self):
        self.share("3650")
        self.assertFalse(PreviewLink.objects.exists())


class LivePreviewTest(TestCase):
    def setUp(self):
        self.client.force_login(rosa())

    def show(self, **fields):
        return self.client.post(LIVE, form(**fields))

    def test_it_shows_what_readers_would_see(self):
        Tag.objects.ensure(["Coast"])
        page = self.show(
            headline="Typed",
            tags="coast\nNew one",
            published_at_0="01/02/2024",
            published_at_1="09:30",
            **{"sources-url": ["example.org/a", "nonsense x"], "sources-label": ["Office", ""]},
        )
        for text in ("Typed", "1 February 2024", "Published in", "Coast", "New one", "https://example.org/a"):
            self.assertContains(page, text)
        self.assertNotContains(page, "nonsense")

    def test_an_almost_empty_form_has_a_preview(self):
        page = self.show(headline="", body="", region="", published_at_0="31/02/2024", tags="x" * 200)
        self.assertContains(page, "No headline yet")
        self.assertContains(self.show(region="9" * 5_000), "no region yet")

    def test_nothing_is_stored(self):
        self.show(tags="New one")
        self.assertFalse(Story.objects.exists() or Tag.objects.exists() or Revision.objects.exists())

    def test_markup_that_readers_would_not_get_is_not_shown(self):
        page = self.show(body='<p onclick="x()">Hi<script>alert(1)</script></p>', headline="<img src=x onerror=y>")
        self.assertContains(page, "<p>Hi</p>")
        self.assertContains(page, "&lt;img src=x")
        self.assertNotContains(page, "alert")
        self.assertNotContains(self.show(language='"><script>alert(1)</script>'), "alert")

    def test_bodies_too_expensive_to_render_are_refused(self):
        self.assertContains(self.show(body="<em>" * 20_000), "nested more than 100 levels deep")
        self.assertContains(self.show(body="x" * 100_001), "Shorten it to 100,000")

    def test_only_writers_get_a_preview(self):
        self.client.logout()
        self.assertEqual(self.show().status_code, 302)

    def test_it_costs_few_queries(self):
        Tag.objects.ensure(["Coast", "Ships"])
        typed = form(tags="Coast\nShips\nNew one")
        with self.assertNumQueries(10):  # session, person, permissions, region by key and name, tags, navigation
            self.client.post(LIVE, typed)


class AnythingTypedTest(HypothesisTestCase):
    @given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
    def test_anything_typed_has_a_preview(self, text, region_typed, date):
        self.client.force_login(rosa())
        text, region_typed, date = (one.encode("utf-8", "replace").decode() for one in (text, region_typed, date))
        boxes = dict.fromkeys(("headline", "body", "tags", "byline", "slug", "sources-url", "sources-label"), text)
        boxes |= {"region": region_typed, "published_at_0": date, "published_at_1": date}
        self.assertEqual(self.client.post(LIVE, boxes).status_code, 200)


class DuplicateTest(TestCase):
    def setUp(self):
        self.rosa = rosa()
        self.client.force_login(self.rosa)
        self.story = story("Weather " * 31, tags=["Coast", "Ships"], created_by=ed())
        self.story.sources.create(url="https://example.org/a", label="Office")

    def duplicate(self, one):
        return self.client.post(reverse("admin:stories_story_duplicate", args=[one.pk]))

    def test_a_duplicate_is_an_own_draft_without_date_and_slug(self):
        answer = self.duplicate(self.story)
        copy = Story.objects.exclude(pk=self.story.pk).get()
        self.assertRedirects(answer, change(copy))
        self.assertEqual((copy.status, copy.created_by, copy.published_at), (Status.DRAFT, self.rosa, None))
        self.assertTrue(copy.headline.startswith("Copy of Weather"))
        self.assertEqual([str(tag) for tag in copy.tags_in_order], ["Coast", "Ships"])
        self.assertEqual(copy.sources.get().label, "Office")
        self.assertNotEqual(copy.slug, self.story.slug)

    def test_its_first_version_names_the_original(self):
        self.duplicate(self.story)
        self.assertIn("Copied from “Weather", Revision.objects.get().comment)

    def test_the_original_is_unchanged(self):
        self.duplicate(self.story)
        self.assertEqual(Story.objects.get(pk=self.story.pk).version, self.story.version)


class PublishAndAddAnotherTest(TestCase):
    def test_the_next_form_has_the_same_region(self):
        self.client.force_login(ed())
        answer = self.client.post(ADD, form(_publish_another="1"))
        self.assertRedirects(answer, f"{ADD}?region={region().pk}")
        self.assertEqual(Story.objects.get().status, Status.PUBLISHED)
        self.assertEqual(self.client.get(answer.url).context["adminform"].form["region"].value(), str(region().pk))

    def test_a_writer_cannot(self):
        self.client.force_login(rosa())
        self.assertNotContains(self.client.get(ADD), "Publish and add another")
        self.client.post(ADD, form(_publish_another="1"))
        self.assertEqual(Story.objects.get().status, Status.DRAFT)
