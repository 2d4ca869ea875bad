"""Revisions: every text of a story is kept, with its author."""

import time
from datetime import timedelta

import time_machine
from django.test import TestCase
from django.urls import reverse

from stories.models import Revision, Status, Story, restore_snapshot, take_snapshot
from stories.text.diff import diff
from tests.cast import NOON, draft, ed, rosa, story
from tests.test_story_admin import change, form


class RecordTest(TestCase):
    def setUp(self):
        self.rosa, self.ed = rosa(), ed()
        self.one = draft("Ferry returns", created_by=self.rosa, tags=["Coast"])

    def save(self, by, **fields):
        before = take_snapshot(self.one), self.one.status
        restore_snapshot(self.one, before[0] | fields)
        self.one.record(by=by, before=before)

    def kept(self):
        return [version.content["headline"] for version in Revision.objects.filter(story=self.one.pk)]

    def test_what_a_story_said_before_its_first_version_is_kept_too(self):
        self.save(self.ed, headline="Ferry stays")
        self.assertEqual(self.kept(), ["Ferry stays", "Ferry returns"])
        self.assertEqual(Revision.objects.last().by, self.rosa)

    def test_what_one_person_saves_within_ten_minutes_is_one_version(self):
        with time_machine.travel(NOON, tick=False) as clock:
            self.save(self.ed, headline="Second")
            clock.shift(timedelta(minutes=9))
            self.save(self.ed, headline="Third")
            self.assertEqual(self.kept(), ["Third", "Ferry returns"])
            clock.shift(timedelta(minutes=2))
            self.save(self.ed, headline="Fourth")
        self.assertEqual(self.kept(), ["Fourth", "Third", "Ferry returns"])

    def test_what_another_person_saves_is_another_version(self):
        self.save(self.ed, headline="By Ed")
        self.save(self.rosa, headline="By Rosa")
        self.assertEqual(self.kept(), ["By Rosa", "By Ed", "Ferry returns"])

    def test_a_save_that_changes_nothing_records_nothing(self):
        self.save(self.ed, headline="By Ed")
        self.save(self.rosa)
        self.assertEqual(self.kept(), ["By Ed", "Ferry returns"])

    def test_a_move_is_recorded_with_its_comment(self):
        self.one.submit(by=self.rosa)
        self.one.send_back(by=self.ed, comment="Who says so?")
        moves = [(version.move, version.by, version.comment) for version in Revision.objects.all()]
        self.assertEqual(moves[:2], [("send_back", self.ed, "Who says so?"), ("submit", self.rosa, "")])

    def test_saving_and_moving_in_one_step_is_one_version(self):
        self.save(self.ed, headline="By Ed")
        self.one.publish(by=self.ed, at=self.one.published_at)
        last = Revision.objects.first()
        self.assertEqual((last.content["headline"], last.status), ("By Ed", Status.PUBLISHED))
        self.save(self.ed, headline="After publishing")
        self.assertEqual(self.kept()[:2], ["After publishing", "By Ed"])

    def test_what_another_program_wrote_is_recorded_before_the_next_change(self):
        self.save(self.ed, headline="By Ed")
        Story.objects.filter(pk=self.one.pk).update(headline="By a program")
        self.one.refresh_from_db()
        self.save(self.rosa, headline="By Rosa")
        self.assertEqual(self.kept(), ["By Rosa", "By a program", "By Ed", "Ferry returns"])

    def test_deleting_leaves_the_last_version_on_every_way(self):
        other = story("Other", tags=["Coast"])
        pks = [self.one.pk, other.pk]
        self.one.delete(by=self.ed)
        Story.objects.filter(pk=other.pk).delete()
        gone = {version.story: version.content["tags"] for version in Revision.objects.deleted()}
        self.assertEqual(gone, {pk: ["Coast"] for pk in pks})

    def test_the_form_records_who_saved(self):
        self.client.force_login(self.ed)
        self.client.post(change(self.one), form(headline="By Ed", tags="Coast"))
        self.assertEqual(self.kept(), ["By Ed", "Ferry returns"])
        self.assertEqual(Revision.objects.first().by, self.ed)


class HistoryTest(TestCase):
    def setUp(self):
        self.rosa, self.ed = rosa(), ed()
        self.one = draft("Ferry returns", created_by=self.rosa, tags=["Coast"])
        self.client.force_login(self.ed)
        self.client.post(change(self.one), form(headline="Ferry stays", tags="Ships", body="<p>The ferry is late.</p>"))
        self.history = reverse("admin:stories_story_history", args=[self.one.pk])

    def restore(self, number):
        return self.client.post(reverse("admin:stories_story_restore", args=[self.one.pk, number]))

    def test_each_version_shows_what_it_changed_word_by_word(self):
        page = self.client.get(self.history)
        self.assertContains(page, "Ferry <del>returns</del><ins>stays</ins>")
        self.assertContains(page, "The ferry is <del>back</del><ins>late</ins>.")
        self.assertContains(page, "<del>Coast</del><ins>Ships</ins>")

    def test_a_story_that_nobody_changed_has_a_history_too(self):
        page = self.client.get(reverse("admin:stories_story_history", args=[draft("Untouched").pk]))
        self.assertContains(page, "nobody has changed this story since it was added")

    def test_restoring_makes_a_new_version_and_keeps_the_others(self):
        first = Revision.objects.get(number=1).content
        self.restore(1)
        self.assertEqual(take_snapshot(Story.objects.get()), first)
        versions = [(version.number, version.move) for version in Revision.objects.all()]
        self.assertEqual(versions, [(3, "restore"), (2, ""), (1, "")])

    def test_a_published_story_restored_to_a_time_without_date_stays_published(self):
        self.one.refresh_from_db()
        self.one.publish(by=self.ed)
        self.restore(1)
        self.assertTrue(Story.objects.get().is_live)

    def test_only_who_may_change_a_story_restores_it(self):
        self.one.refresh_from_db()
        self.one.submit(by=self.ed)
        self.client.force_login(self.rosa)
        self.assertEqual(self.restore(1).status_code, 403)
        self.assertNotContains(self.client.get(self.history), "Restore this version")

    def test_hostile_words_are_only_words(self):
        self.client.post(change(self.one), form(headline="<script>alert(1)</script>"))
        self.assertNotContains(self.client.get(self.history), "<script>alert")

    def test_one_word_said_thousands_of_times_is_compared_in_no_time(self):
        pairs = [
            ("x " * 1_000, "x y " * 500),
            ("." * 2_000, ".," * 1_000),
            ("a\n" * 12_000, "a\nb\n" * 6_000),
        ]
        for old, new in pairs:
            began = time.perf_counter()
            parts = diff(old, new).parts
            self.assertLess(time.perf_counter() - began, 5)  # a tenth of it on a quiet machine
            self.assertEqual("".join(text for kind, text in parts if kind != "added"), old)
            self.assertEqual("".join(text for kind, text in parts if kind != "removed"), new)

    def test_it_costs_the_same_for_two_versions_and_for_thirty(self):
        with self.assertNumQueries(10):
            self.client.get(self.history)
        for number in range(28):
            content = take_snapshot(self.one)
            fields = {"story": self.one.pk, "number": number + 3, "content": content, "begun_at": NOON, "at": NOON}
            Revision.objects.create(status=Status.DRAFT, **fields)
        with self.assertNumQueries(10):
            self.client.get(self.history)


class DeletedTest(TestCase):
    def setUp(self):
        self.rosa, self.ed = rosa(), ed()
        self.one = story("Ferry returns", created_by=self.rosa, tags=["Coast"])
        self.one.sources.replace([["https://example.org/a", "The paper"]])

    def delete(self, person):
        self.client.force_login(person)
        self.client.post(reverse("admin:stories_story_delete", args=[self.one.pk]), {"post": "yes"})

    def recover(self):
        return self.client.post(reverse("admin:stories_story_recover", args=[self.one.pk]))

    def test_a_deleted_story_comes_back_whole_as_a_draft(self):
        content = take_snapshot(self.one)
        self.delete(self.ed)
        self.assertContains(self.client.get(reverse("admin:stories_story_deleted")), "Ferry returns")
        self.recover()
        back = Story.objects.get(pk=self.one.pk)
        self.assertEqual((take_snapshot(back), back.status, back.created_by), (content, Status.DRAFT, self.rosa))
        self.assertEqual(self.recover().status_code, 404)

    def test_its_slug_may_have_been_taken_since(self):
        self.delete(self.ed)
        story("Ferry returns")
        self.recover()
        self.assertEqual(Story.objects.get(pk=self.one.pk).slug, "ferry-returns-2")

    def test_a_writer_brings_back_only_what_she_deleted(self):
        self.delete(self.ed)
        self.client.force_login(self.rosa)
        self.assertNotContains(self.client.get(reverse("admin:stories_story_deleted")), "Deleted by")
        self.assertEqual(self.recover().status_code, 404)
        self.one = draft("Her own", created_by=self.rosa)
        self.delete(self.rosa)
        self.recover()
        self.assertTrue(Story.objects.filter(headline="Her own").exists())
