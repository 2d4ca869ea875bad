"""What an operator lets go of: versions between the first and the latest, stories deleted long ago, unsaved text."""

from datetime import timedelta
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from stories.models import Autosave, Revision, Story, retention
from tests.cast import draft, ed

LONG_AGO = timezone.now() - timedelta(days=400)


def prune(**options):
    out = StringIO()
    call_command("pruneversions", days=365, stdout=out, **options)
    return out.getvalue()


def numbers(story_pk):
    return sorted(Revision.objects.filter(story=story_pk).values_list("number", flat=True))


class RetentionTest(TestCase):
    def setUp(self):
        self.ed, self.story = ed(), draft()
        for name in ("One", "Two", "Three", "Four"):
            self.story.headline = name
            self.story.save()
            self.story.record(by=self.ed, coalesce=False)

    def age(self, **which):
        Revision.objects.filter(**which).update(at=LONG_AGO)

    def test_the_first_and_the_latest_version_stay(self):
        self.age()
        self.assertIn("2 versions between", prune())
        self.assertEqual(numbers(self.story.pk), [1, 4])

    def test_what_is_younger_stays(self):
        self.age(number=2)
        prune()
        self.assertEqual(numbers(self.story.pk), [1, 3, 4])

    def test_a_story_deleted_long_ago_is_forgotten(self):
        pk = self.story.pk
        self.story.delete(by=self.ed)
        self.age()
        self.assertIn("4 versions of deleted stories deleted", prune())
        self.assertEqual(numbers(pk), [])

    def test_a_story_deleted_lately_can_still_be_brought_back(self):
        pk = self.story.pk
        self.story.delete(by=self.ed)
        self.age(number__lt=4)
        prune()
        Revision.objects.deleted().get(story=pk).bring_back(by=self.ed)
        self.assertEqual(Story.objects.get(pk=pk).headline, "Four")

    def test_text_that_nobody_saved_goes_when_it_is_old(self):
        for token, at in (("old", LONG_AGO), ("new", timezone.now())):
            Autosave.objects.create(token=token, by=self.ed, typed={"headline": "x"}, at=at)
        self.assertIn("1 open forms deleted", prune())
        self.assertEqual(Autosave.objects.get().token, "new")

    def test_many_go_in_batches(self):
        self.age()
        with mock.patch.object(retention, "BATCH_SIZE", 1):
            prune()
        self.assertEqual(numbers(self.story.pk), [1, 4])

    def test_a_dry_run_deletes_nothing(self):
        self.age()
        self.assertIn("2 versions between a story's first and its latest would be deleted", prune(dry_run=True))
        self.assertEqual(numbers(self.story.pk), [1, 2, 3, 4])

    def test_days_that_make_no_sense_are_refused(self):
        for days in (0, -3, 10**9):
            with self.assertRaisesMessage(CommandError, "--days must be"):
                call_command("pruneversions", days=days)
