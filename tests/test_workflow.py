from datetime import timedelta

import time_machine
from django.core.exceptions import PermissionDenied
from django.test import TestCase

from stories.models import TRANSITIONS, MoveNotAllowed, Revision, Status, Story
from tests.cast import NOON, draft, ed, person, rosa, story


@time_machine.travel(NOON, tick=False)
class MovesTest(TestCase):
    def setUp(self):
        self.rosa, self.ed = rosa(), ed()
        self.story = draft(created_by=self.rosa)

    def test_a_story_goes_from_draft_to_withdrawn(self):
        self.story.submit(by=self.rosa)
        self.assertEqual(self.story.status, Status.IN_REVIEW)
        self.story.send_back(by=self.ed)
        self.assertEqual(self.story.status, Status.DRAFT)
        self.story.publish(by=self.ed)
        self.assertEqual(Story.objects.get().status, Status.PUBLISHED)
        self.story.withdraw(by=self.ed, comment="It was wrong.")
        self.assertEqual(Story.objects.get().status, Status.WITHDRAWN)

    def test_a_story_without_a_date_is_published_now(self):
        self.story.publish(by=self.ed)
        self.assertEqual(Story.objects.get().live_at, NOON)

    def test_a_story_keeps_the_date_it_was_given(self):
        tomorrow = NOON + timedelta(days=1)
        self.story.publish(by=self.ed, at=tomorrow)
        self.assertTrue(self.story.is_scheduled)
        self.story.withdraw(by=self.ed, comment="It was wrong.")
        self.story.publish(by=self.ed)
        self.assertEqual(Story.objects.get().published_at, tomorrow)

    def test_a_move_from_the_wrong_status_is_refused_in_words(self):
        with self.assertRaisesMessage(MoveNotAllowed, "is draft, so it can't be withdrawn"):
            self.story.withdraw(by=self.ed, comment="It was wrong.")
        self.assertEqual(Story.objects.get().status, Status.DRAFT)

    def test_two_who_publish_at_once_publish_once(self):
        stale = Story.objects.get()
        self.story.publish(by=self.ed)
        with self.assertRaises(MoveNotAllowed):
            stale.publish(by=self.ed)

    def test_a_move_does_not_write_back_an_old_text(self):
        stale = Story.objects.get()
        Story.objects.update(body="<p>Edited since.</p>")
        stale.publish(by=self.ed)
        self.assertEqual(Story.objects.get().body, "<p>Edited since.</p>")

    def test_a_withdrawal_without_a_reason_is_refused_in_words(self):
        self.story.publish(by=self.ed)
        with self.assertRaisesMessage(MoveNotAllowed, "Enter a reason to withdraw “Lighthouse to be lit again”."):
            self.story.withdraw(by=self.ed, comment=" ")

    def test_versions_say_in_words_what_was_done(self):
        self.story.submit(by=self.rosa)
        self.story.send_back(by=self.ed)
        self.story.publish(by=self.ed)
        self.story.withdraw(by=self.ed, comment="It was wrong.")
        done = [revision.done for revision in Revision.objects.filter(story=self.story.pk).order_by("number")]
        self.assertEqual(done[-4:], ["submitted it for review", "sent it back", "published it", "withdrew it"])

    def test_every_move_makes_a_new_version(self):
        self.story.submit(by=self.rosa)
        self.assertEqual(Story.objects.get().version, 2)


class PermissionTest(TestCase):
    def setUp(self):
        self.rosa, self.ed, self.robin = rosa(), ed(), person("robin")

    def moves(self, user, one):
        return [transition.name for transition in one.moves_for(user)]

    def test_a_writer_may_only_submit_her_own_draft(self):
        self.assertEqual(self.moves(self.rosa, draft(created_by=self.rosa)), ["submit"])
        self.assertEqual(self.moves(self.rosa, draft(created_by=self.ed)), [])
        self.assertEqual(self.moves(self.rosa, story(created_by=self.rosa)), [])

    def test_an_editor_is_offered_just_the_moves_of_the_status(self):
        self.assertEqual(self.moves(self.ed, draft()), ["submit", "publish"])
        self.assertEqual(self.moves(self.ed, story(status=Status.IN_REVIEW)), ["send_back", "publish"])
        self.assertEqual(self.moves(self.ed, story()), ["withdraw"])
        self.assertEqual(self.moves(self.ed, story(status=Status.WITHDRAWN)), ["publish"])

    def test_a_reader_may_do_nothing(self):
        for status in Status:
            self.assertEqual(self.moves(self.robin, story(status=status)), [])

    def test_every_verb_asks_for_the_permission_itself(self):
        for name, transition in TRANSITIONS.items():
            one = story(f"To {name}", status=next(iter(transition.origins)), created_by=self.rosa)
            with self.assertRaises(PermissionDenied, msg=name):
                getattr(one, name)(by=self.robin, comment="Because.")

    def test_a_writer_may_change_her_own_draft_only(self):
        self.assertTrue(draft(created_by=self.rosa).may_be_changed_by(self.rosa))
        self.assertFalse(story(created_by=self.rosa).may_be_changed_by(self.rosa))
        self.assertFalse(draft(created_by=self.ed).may_be_changed_by(self.rosa))
        self.assertTrue(draft(created_by=self.rosa).may_be_changed_by(self.ed))
