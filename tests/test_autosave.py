"""Autosave of the story form, and the note on other users who have the story open."""

import uuid
from datetime import timedelta

import time_machine
from django.test import TestCase
from django.urls import reverse

from stories.models import Autosave, Story
from tests.cast import NOON, draft, ed, rosa
from tests.test_story_admin import ADD, change, form

TYPED = reverse("admin:stories_story_typed")


class TypedTest(TestCase):
    def setUp(self):
        self.rosa = rosa()
        self.one = draft("Ferry returns", created_by=self.rosa)
        self.client.force_login(self.rosa)
        self.token = uuid.uuid4().hex

    def type(self, story=None, **fields):
        return self.client.post(TYPED, form(token=self.token, story=story.pk if story else "", **fields))

    def restored(self, url):
        return self.client.get(url, {"restore": self.token}).context["adminform"].form

    def test_unsaved_changes_are_restored_and_the_story_is_unchanged(self):
        links = {"sources-url": ["https://example.org/a", ""], "sources-label": ["A", ""]}
        self.type(self.one, headline="Half a head", body="<p>Half a", tags="Coast\nShips", **links)
        self.assertEqual(Story.objects.get().headline, "Ferry returns")
        self.assertContains(self.client.get(change(self.one)), "You have unsaved changes")
        boxes = self.restored(change(self.one))
        self.assertEqual((boxes["headline"].value(), boxes["tags"].value()), ("Half a head", "Coast\nShips"))
        self.assertEqual(boxes["sources"].value()[0], ["https://example.org/a", "A"])

    def test_differences_from_the_story_are_listed(self):
        self.one.tags.set(["Coast"])
        links = {"sources-url": ["https://example.org/a"], "sources-label": [""]}
        self.type(self.one, tags="Coast\nShips", body=self.one.body, byline="Rosa", **links)
        [kept] = self.client.get(change(self.one)).context["unsaved"]
        self.assertEqual([label for label, _ in kept["changes"]], ["Sources", "Tags", "Byline"])
        self.assertContains(self.client.get(change(self.one)), "<ins>, Ships</ins>")

    def test_a_body_nested_too_deeply_is_kept_but_not_parsed(self):
        self.type(self.one, body="<em>" * 20_000)
        self.assertContains(self.client.get(change(self.one)), "nested more than 100 levels deep")

    def test_a_new_story_is_kept_before_its_first_save(self):
        self.type(headline="Only begun", published_at_0="01/02/2027", published_at_1="09:30")
        self.assertContains(self.client.get(ADD), "Only begun")
        self.assertContains(self.client.get(ADD, {"restore": self.token}), 'value="01/02/2027"')
        self.assertEqual(Story.objects.count(), 1)

    def test_a_late_autosave_after_saving_is_ignored(self):
        self.type(self.one, headline="Half a head")
        self.client.post(change(self.one), form(headline="A whole headline", token=self.token))
        self.assertTrue(self.type(self.one, headline="Half a head").json()["saved"])
        self.assertNotContains(self.client.get(change(self.one)), "You have unsaved changes")

    def test_a_failed_save_keeps_the_autosave(self):
        self.type(self.one, headline="Half a head")
        self.client.post(change(self.one), form(headline="", token=self.token))
        self.assertContains(self.client.get(change(self.one)), "You have unsaved changes")

    def test_a_button_discards_it(self):
        self.type(self.one, headline="Half a head")
        self.client.post(reverse("admin:stories_story_discard", args=[self.token]))
        self.assertFalse(Autosave.objects.exists())

    def test_two_tabs_have_separate_autosaves(self):
        for headline in ("In one tab", "In another"):
            self.token = uuid.uuid4().hex
            self.type(self.one, headline=headline)
        page = self.client.get(change(self.one))
        self.assertEqual([kept["headline"] for kept in page.context["unsaved"]], ["In another", "In one tab"])

    def test_autosaves_are_private(self):
        self.type(self.one, headline="Half a head")
        self.client.force_login(ed())
        self.assertNotContains(self.client.get(change(self.one)), "Half a head")
        self.assertNotEqual(self.restored(change(self.one))["headline"].value(), "Half a head")
        self.assertEqual(self.type(self.one, headline="Mine").status_code, 403)
        self.assertEqual(self.client.post(reverse("admin:stories_story_discard", args=[self.token])).status_code, 404)

    def test_input_is_kept_if_the_story_was_published_before_saving(self):
        self.one.publish(by=ed())
        page = self.client.post(change(self.one), form(headline="Too late", token=self.token), follow=True)
        self.assertContains(page, "Your text is kept below")
        self.assertContains(page, "<ins>Too</ins>")
        self.assertEqual(Story.objects.get().headline, "Ferry returns")

    def test_autosaves_outlive_a_deleted_story(self):
        self.type(self.one, headline="Half a head")
        self.one.delete()
        self.assertContains(self.client.get(ADD), "Half a head")

    def test_invalid_requests_give_no_server_error(self):
        for fields in ({"seen": '{"a": "\\ud800"}'}, {"seen": "{"}, {"headline": "a\x00b"}, {"story": "9" * 30}):
            self.assertEqual(self.client.post(TYPED, form(token=self.token) | fields).status_code, 200, fields)
        self.assertEqual(self.client.post(TYPED, form(token="../x")).status_code, 403)
        self.assertEqual(self.client.post(TYPED, form(token=self.token, body="x" * 1_500_000)).status_code, 413)

    def test_restored_changes_merge_with_later_saves(self):
        seen = self.client.get(change(self.one)).context["adminform"].form["seen"].value()
        self.type(self.one, body="<p>By Rosa.</p>", seen=seen, slug=self.one.slug)
        Story.objects.update(headline="By Ed")
        boxes = self.restored(change(self.one))
        self.client.post(change(self.one), form(**{n: boxes[n].value() for n in ("headline", "body", "seen", "slug")}))
        self.assertEqual((Story.objects.get().headline, Story.objects.get().body), ("By Ed", "<p>By Rosa.</p>"))


class PresenceTest(TestCase):
    def setUp(self):
        self.one = draft("Ferry returns")
        self.ed, self.rosa = ed(), rosa()
        self.client.force_login(self.ed)

    def opened_by_ed(self):
        self.client.post(TYPED, {"token": "a" * 32, "story": self.one.pk})

    def seen_by_rosa(self):
        self.client.force_login(self.rosa)
        return self.client.get(change(self.one))

    def test_other_users_with_the_story_open_are_shown(self):
        with time_machine.travel(NOON, tick=False) as clock:
            self.opened_by_ed()
            clock.shift(timedelta(minutes=2))
            self.assertContains(self.seen_by_rosa(), "ed opened this story 2\xa0minutes ago.")

    def test_silent_users_are_no_longer_shown(self):
        with time_machine.travel(NOON, tick=False) as clock:
            self.opened_by_ed()
            clock.shift(timedelta(minutes=4))
            self.assertNotContains(self.seen_by_rosa(), "ed opened this story")

    def test_a_user_with_two_forms_is_shown_once(self):
        for token, typed in (("a" * 32, None), ("b" * 32, {"headline": "Half a head"}), ("c" * 32, None)):
            Autosave.objects.keep(token, by=self.ed, story=self.one, typed=typed)
        page = self.seen_by_rosa().content.decode()
        self.assertEqual(page.count("ed opened this story"), 1)
        self.assertIn("and has unsaved changes", page)

    def test_opening_a_form_leaves_nothing_to_restore(self):
        self.opened_by_ed()
        self.assertNotContains(self.client.get(change(self.one)), "You have unsaved changes")
