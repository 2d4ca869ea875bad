"""What is typed and not saved is kept; who has a story open is seen."""

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

    def restored(self, address):
        return self.client.get(address, {"restore": self.token}).context["adminform"].form

    def test_what_is_typed_comes_back_and_the_story_stays_as_it_is(self):
        links = {"sources-url": ["https://example.org/a", ""], "sources-label": ["A", ""]}
        self.type(self.one, headline="Half a head", body="<p>Half a", tags="Coast\nShips", **links)
        self.assertEqual(Story.objects.get().headline, "Ferry returns")
        self.assertContains(self.client.get(change(self.one)), "You have unsaved changes")
        boxes = self.restored(change(self.one))
        self.assertEqual((boxes["headline"].value(), boxes["tags"].value()), ("Half a head", "Coast\nShips"))
        self.assertEqual(boxes["sources"].value()[0], ["https://example.org/a", "A"])

    def test_all_that_differs_from_the_story_is_shown_beside_it(self):
        self.one.tags.set(["Coast"])
        links = {"sources-url": ["https://example.org/a"], "sources-label": [""]}
        self.type(self.one, tags="Coast\nShips", body=self.one.body, byline="Rosa", **links)
        [kept] = self.client.get(change(self.one)).context["unsaved"]
        self.assertEqual([label for label, _ in kept["changes"]], ["Sources", "Tags", "Byline"])
        self.assertContains(self.client.get(change(self.one)), "<ins>, Ships</ins>")

    def test_what_no_story_can_hold_is_kept_and_not_parsed(self):
        self.type(self.one, body="<em>" * 20_000)
        self.assertContains(self.client.get(change(self.one)), "nested more than 100 levels deep")

    def test_a_new_story_is_kept_before_it_exists(self):
        self.type(headline="Only begun", published_at_0="01/02/2027", published_at_1="09:30")
        self.assertContains(self.client.get(ADD), "Only begun")
        self.assertContains(self.client.get(ADD, {"restore": self.token}), 'value="01/02/2027"')
        self.assertEqual(Story.objects.count(), 1)

    def test_saving_ends_it_and_what_arrives_late_does_not_begin_it_anew(self):
        self.type(self.one, headline="Half a head")
        self.client.post(change(self.one), form(headline="A whole headline", token=self.token))
        self.assertTrue(self.type(self.one, headline="Half a head").json()["saved"])
        self.assertNotContains(self.client.get(change(self.one)), "You have unsaved changes")

    def test_saving_that_fails_does_not_end_it(self):
        self.type(self.one, headline="Half a head")
        self.client.post(change(self.one), form(headline="", token=self.token))
        self.assertContains(self.client.get(change(self.one)), "You have unsaved changes")

    def test_it_is_discarded_by_a_button(self):
        self.type(self.one, headline="Half a head")
        self.client.post(reverse("admin:stories_story_discard", args=[self.token]))
        self.assertFalse(Autosave.objects.exists())

    def test_two_tabs_keep_a_text_each(self):
        for headline in ("In one tab", "In another"):
            self.token = uuid.uuid4().hex
            self.type(self.one, headline=headline)
        page = self.client.get(change(self.one))
        self.assertEqual([kept["headline"] for kept in page.context["unsaved"]], ["In another", "In one tab"])

    def test_nobody_sees_or_ends_what_another_typed(self):
        self.type(self.one, headline="Half a head")
        self.client.force_login(ed())
        self.assertNotContains(self.client.get(change(self.one)), "Half a head")
        self.assertNotEqual(self.restored(change(self.one))["headline"].value(), "Half a head")
        self.assertEqual(self.type(self.one, headline="Mine").status_code, 403)
        self.assertEqual(self.client.post(reverse("admin:stories_story_discard", args=[self.token])).status_code, 404)

    def test_a_text_typed_while_the_story_was_published_is_kept(self):
        self.one.publish(by=ed())
        page = self.client.post(change(self.one), form(headline="Too late", token=self.token), follow=True)
        self.assertContains(page, "Your text is kept below")
        self.assertContains(page, "<ins>Too</ins>")
        self.assertEqual(Story.objects.get().headline, "Ferry returns")

    def test_a_deleted_story_leaves_what_was_typed(self):
        self.type(self.one, headline="Half a head")
        self.one.delete()
        self.assertContains(self.client.get(ADD), "Half a head")

    def test_what_no_form_sends_is_answered(self):
        for fields in ({"seen": '{"a": "\\ud800"}'}, {"seen": "{"}, {"headline": "a\x00b"}, {"story": "9" * 30}):
            self.assertEqual(self.client.post(TYPED, form(token=self.token) | fields).status_code, 200, fields)
        self.assertEqual(self.client.post(TYPED, form(token="../x")).status_code, 403)
        self.assertEqual(self.client.post(TYPED, form(token=self.token, body="x" * 1_500_000)).status_code, 413)

    def test_a_restored_text_still_merges_with_what_was_saved_meanwhile(self):
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

    def test_who_opens_a_story_sees_who_has_it_open(self):
        with time_machine.travel(NOON, tick=False) as clock:
            self.opened_by_ed()
            clock.shift(timedelta(minutes=2))
            self.assertContains(self.seen_by_rosa(), "ed opened this story 2\xa0minutes ago.")

    def test_who_is_not_heard_of_any_more_is_gone(self):
        with time_machine.travel(NOON, tick=False) as clock:
            self.opened_by_ed()
            clock.shift(timedelta(minutes=4))
            self.assertNotContains(self.seen_by_rosa(), "ed opened this story")

    def test_who_loaded_the_page_twice_is_named_once_with_what_is_not_saved(self):
        for token, typed in (("a" * 32, None), ("b" * 32, {"headline": "Half a head"}), ("c" * 32, None)):
            Autosave.objects.keep(token, by=self.ed, story=self.one, typed=typed)
        page = self.seen_by_rosa().content.decode()
        self.assertEqual(page.count("ed opened this story"), 1)
        self.assertIn("and has unsaved changes", page)

    def test_only_opening_leaves_nothing_to_restore(self):
        self.opened_by_ed()
        self.assertNotContains(self.client.get(change(self.one)), "You have unsaved changes")
