"""What a story said, and who made it say so, is kept."""

from datetime import timedelta

import time_machine
from django.test import TestCase

from stories.models import Status, Story, StoryVersion, content_of, put
from tests.cast import NOON, draft, ed, rosa, story
from tests.test_story_admin import change, form


class RecordTest(TestCase):
    def setUp(self):
        self.rosa, self.ed = rosa(), ed()
        self.one = draft("Ferry returns", created_by=self.rosa, tags=["Coast"])

    def save(self, by, **fields):
        before = content_of(self.one), self.one.status
        put(self.one, before[0] | fields)
        self.one.record(by=by, before=before)

    def kept(self):
        return [version.content["headline"] for version in StoryVersion.objects.filter(story=self.one.pk)]

    def test_what_a_story_said_before_its_first_version_is_kept_too(self):
        self.save(self.ed, headline="Ferry stays")
        self.assertEqual(self.kept(), ["Ferry stays", "Ferry returns"])
        self.assertEqual(StoryVersion.objects.last().by, self.rosa)

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
        moves = [(version.move, version.by, version.comment) for version in StoryVersion.objects.all()]
        self.assertEqual(moves[:2], [("send_back", self.ed, "Who says so?"), ("submit", self.rosa, "")])

    def test_saving_and_moving_in_one_step_is_one_version(self):
        self.save(self.ed, headline="By Ed")
        self.one.publish(by=self.ed, at=self.one.published_at)
        last = StoryVersion.objects.first()
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
        gone = {version.story: version.content["tags"] for version in StoryVersion.objects.deleted()}
        self.assertEqual(gone, {pk: ["Coast"] for pk in pks})

    def test_the_form_records_who_saved(self):
        self.client.force_login(self.ed)
        self.client.post(change(self.one), form(headline="By Ed", tags="Coast"))
        self.assertEqual(self.kept(), ["By Ed", "Ferry returns"])
        self.assertEqual(StoryVersion.objects.first().by, self.ed)
