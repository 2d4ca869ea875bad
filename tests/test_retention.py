"""Retention: old versions between the first and the latest, stories deleted long ago, abandoned unsaved text."""

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

    def test_newer_versions_stay(self):
        self.age(number=2)
        prune()
        self.assertEqual(numbers(self.story.pk), [1, 3, 4])

    def test_a_story_deleted_long_ago_is_removed(self):
        pk = self.story.pk
        self.story.delete(by=self.ed)
        self.age()
        self.assertIn("4 versions of deleted stories deleted", prune())
        self.assertEqual(numbers(pk), [])

    def test_a_recently_deleted_story_can_be_recovered(self):
        pk = self.story.pk
        self.story.delete(by=self.ed)
        self.age(number__lt=4)
        prune()
        Revision.objects.deleted().get(story=pk).bring_back(by=self.ed)
        self.assertEqual(Story.objects.get(pk=pk).headline, "Four")

    def test_old_unsaved_text_is_deleted(self):
        for token, at in (("old", LONG_AGO), ("new", timezone.now())):
            Autosave.objects.create(token=token, by=self.ed, typed={"headline": "x"}, at=at)
        self.assertIn("1 open forms deleted", prune())
        self.assertEqual(Autosave.objects.get().token, "new")

    def test_many_are_deleted_in_batches(self):
        self.age()
        with mock.patch.object(retention, "BATCH_SIZE", 1):
            prune()
        self.assertEqual(numbers(self.story.pk), [1, 4])

    def test_a_dry_run_deletes_nothing(self):
        self.age()
        self.assertIn("2 versions between a story's first and its latest would be deleted", prune(dry_run=True))
        self.assertEqual(numbers(self.story.pk), [1, 2, 3, 4])

    def test_invalid_days_are_rejected(self):
        for days in (0, -3, 10**9):
            with self.assertRaisesMessage(CommandError, "--days must be"):
                call_command("pruneversions", days=days)
