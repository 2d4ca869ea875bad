"""Corrections: edited with the story, and shown to readers with its whole text."""

import json
from io import StringIO

import time_machine
from django.core.management import call_command
from django.test import TestCase

from stories.models import Autosave, Revision, Story, restore_snapshot, take_snapshot
from tests.cast import NOON, ed, story
from tests.k2_pages import ImportCase
from tests.test_import_json_lines import export
from tests.test_story_admin import change, form
from tests.test_story_meta import read_json_ld

SAID = "The ferry has 40 cars & 2 masts, not 4; changed on 3 June."
SHOWN = "<strong>Correction:</strong> The ferry has 40 cars &amp; 2 masts, not 4; changed on 3 June.</p>"


@time_machine.travel(NOON, tick=False)
class CorrectionTest(TestCase):
    def setUp(self):
        self.ed = ed()
        self.one = story("Ferry returns", tags=["Coast"])

    def correct(self, text=SAID, **fields):
        self.client.force_login(self.ed)
        typed = {"published_at_0": "15/06/2026", "published_at_1": "12:00", "slug": "ferry-returns", "tags": "Coast"}
        return self.client.post(change(self.one), form(correction=text, **typed, **fields))

    def test_it_is_written_in_the_form_and_read_with_the_story_everywhere(self):
        self.correct()
        for address in ("/", "/tags/coast/", "/regions/europe/", "/stories/ferry-returns/"):
            self.assertContains(self.client.get(address), SHOWN)
        self.assertIn("Correction:", self.client.get("/feed.json").json()["items"][0]["content_html"])
        self.assertEqual(read_json_ld(self.client.get("/stories/ferry-returns/"))[0]["correction"]["text"], SAID)

    def test_a_story_without_one_says_nothing_of_it(self):
        self.assertNotContains(self.client.get("/stories/ferry-returns/"), "Correction")
        self.assertNotIn("correction", read_json_ld(self.client.get("/stories/ferry-returns/"))[0])

    def test_it_is_one_line_of_a_thousand_characters_at_most(self):
        self.correct("  One.\r\nTwo.  ")
        self.assertEqual(Story.objects.get().correction, "One. Two.")
        self.assertContains(self.correct("x" * 1_001), "at most 1000 characters")

    def test_each_one_is_in_the_history(self):
        self.correct()
        page = self.client.get(f"/admin/stories/story/{self.one.pk}/history/")
        self.assertContains(page, "Correction")
        self.assertContains(page, "<ins>The ferry has 40 cars &amp; 2 masts, not 4; changed on 3 June.</ins>")

    def test_two_who_correct_one_story_are_told_of_each_other(self):
        self.client.force_login(self.ed)
        seen = json.dumps(take_snapshot(self.one))
        Story.objects.filter(pk=self.one.pk).update(correction="Theirs.")
        self.assertContains(self.correct("Mine.", seen=seen), "also changed the correction")

    def test_what_was_kept_before_there_were_corrections_can_be_shown_and_put_back(self):
        old = take_snapshot(self.one) | {"headline": "The old headline"}
        del old["correction"]
        version = Revision.objects.create(
            story=self.one.pk, number=1, content=old, status="published", at=NOON, begun_at=NOON
        )
        self.correct()
        restore_snapshot(Story.objects.get(), Revision.objects.get(pk=version.pk).content)
        self.assertEqual((Story.objects.get().headline, Story.objects.get().correction), ("The old headline", ""))

    def test_a_form_that_was_open_before_there_were_corrections_is_still_merged(self):
        seen = take_snapshot(self.one)
        del seen["correction"]
        Story.objects.filter(pk=self.one.pk).update(headline="Ferry comes back")
        self.correct("Mine.", seen=json.dumps(seen))
        self.assertEqual(Story.objects.get().headline, "Ferry comes back")
        self.assertEqual(Story.objects.get().correction, "Mine.")

    def test_it_is_autosaved(self):
        self.client.force_login(self.ed)
        self.client.post("/admin/stories/story/typed/", form(correction="Half a sen", token="a" * 32))
        self.assertEqual(Autosave.objects.get().typed["correction"], "Half a sen")

    def test_a_copy_of_the_story_has_none(self):
        Story.objects.update(correction=SAID)
        self.assertEqual(Story.objects.get().duplicate(by=self.ed).correction, "")


class MovedCorrectionTest(ImportCase):
    def test_it_goes_out_and_comes_in_with_its_story(self):
        story("Ferry returns", correction=SAID)
        lines = export()
        Story.objects.all().delete()
        self.import_content(lines, "all.jsonl")
        self.assertEqual(Story.objects.get().correction, SAID)

    def test_it_is_in_a_dump_of_the_database(self):
        story("Ferry returns", correction=SAID)
        out = StringIO()
        call_command("dumpdata", "stories.story", stdout=out)
        self.assertEqual(json.loads(out.getvalue())[0]["fields"]["correction"], SAID)
