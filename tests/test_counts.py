"""Counts: the triggers keep them true after any write, on both databases."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime
from io import StringIO
from tempfile import NamedTemporaryFile
from threading import Barrier, Thread

from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.db import IntegrityError, connections
from django.test import TestCase, TransactionTestCase

from stories.listings.integrity import find_differences
from stories.models import MonthCount, MoveNotAllowed, Region, Status, Story, StoryTag, Tag, TagCount
from tests.cast import NOON, draft, ed, region, story

NAMES = [f"Tag {number}" for number in range(8)]


class Newsroom:
    """Does something to some story, as chance has it."""

    def __init__(self, seed, person):
        self.chance = random.Random(seed)  # noqa: S311 (reproducible, not secret)
        self.person = person
        self.regions = [region(name) for name in ("Europe", "Worldwide", "British Isles")]

    def act(self):
        stories = list(Story.objects.all())
        actions = [self.write, self.write, self.move, self.date, self.retag, self.clear, self.delete, self.shift_many,
                   self.merge, self.withdraw, self.publish, self.save_copies]  # fmt: skip
        self.chance.choice(actions if stories else [self.write])(self.chance.choice(stories or [None]))

    def moment(self):
        return datetime(
            2024, self.chance.randint(1, 12), self.chance.randint(1, 28), self.chance.randint(0, 23), tzinfo=UTC
        )

    def write(self, _):
        status = self.chance.choice([Status.DRAFT, Status.PUBLISHED])
        tags, place = self.chance.sample(NAMES, 3), self.chance.choice(self.regions)
        story("A story", tags=tags, at=self.moment(), region=place, status=status)

    def move(self, one):
        one.region = self.chance.choice(self.regions)
        one.save()

    def date(self, one):
        one.published_at = self.moment()
        one.save()

    def retag(self, one):
        one.tags.set(self.chance.sample(NAMES, 2))

    def clear(self, one):
        one.tags.clear()

    def delete(self, one):
        one.delete()

    def shift_many(self, one):
        Story.objects.filter(region=one.region).update(published_at=self.moment())

    def merge(self, _):
        tags = list(Tag.objects.all())
        if len(tags) > 1:
            one, other = self.chance.sample(tags, 2)
            one.merge_into(other)

    def withdraw(self, one):
        if one.status == Status.PUBLISHED:
            one.withdraw(by=self.person, comment="It was wrong.")

    def publish(self, one):
        if one.status != Status.PUBLISHED:
            one.publish(by=self.person)

    def save_copies(self, one):
        for row in one.story_tags.all():
            row.live_at = row.region = None
            row.save()


class AnyEditTest(TestCase):
    def test_counts_are_right_after_any_edits(self):
        newsroom = Newsroom(1, ed())
        for step in range(300):
            newsroom.act()
            if step % 25 == 0:
                self.assertEqual(find_differences(), [], step)
        self.assertEqual(find_differences(), [])
        self.assertTrue(MonthCount.objects.exclude(stories=0).exists())

    def test_a_cascade_from_a_tag_is_counted(self):
        story(tags=["Coast", "Ships"])
        Tag.objects.get(name="Coast").delete()
        self.assertEqual(find_differences(), [])
        self.assertEqual(StoryTag.objects.count(), 1)

    def test_a_bulk_write_is_counted(self):
        for number in range(12):
            story(tags=NAMES[: number % 4], region=region(("Europe", "Worldwide", "Asia")[number % 3]))
        Story.objects.filter(region__slug="europe").update(status=Status.DRAFT)
        Story.objects.filter(region__slug="worldwide").delete()
        self.assertEqual(find_differences(), [])
        self.assertEqual(MonthCount.objects.get(tag=0, region=0).stories, 4)

    def test_a_dump_of_everything_loads_into_an_empty_database(self):
        story(tags=["Coast", "Ships"])
        with NamedTemporaryFile("r", suffix=".json") as file:
            call_command("dumpdata", "stories", output=file.name, verbosity=0)
            dump = file.read()
            self.assertFalse("monthcount" in dump or "tagcount" in dump)
            for model in (Story, Tag, Region):
                model.objects.all().delete()
            call_command("loaddata", file.name, verbosity=0)
        self.assertEqual((find_differences(), StoryTag.objects.count()), ([], 2))

    def test_a_draft_is_in_no_month(self):
        draft(tags=["Coast"])
        self.assertFalse(MonthCount.objects.exclude(stories=0).exists())


class AtOnceTest(TransactionTestCase):
    def test_a_story_is_locked_before_its_revision_is_written(self):
        person, failures = ed(), []

        def act(gate, pk, verb):
            try:
                mine = Story.objects.get(pk=pk)
                gate.wait()
                with suppress(ObjectDoesNotExist):  # another was faster
                    getattr(mine, verb)(by=person)
            except Exception as error:
                failures.append(repr(error))
            finally:
                connections.close_all()

        for number in range(5):
            pk, gate = draft(f"Story {number}").pk, Barrier(3)
            threads = [Thread(target=act, args=[gate, pk, verb]) for verb in ("delete", "delete", "publish")]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual((failures, Story.objects.count()), ([], 0))

    def test_counts_are_right_when_several_people_edit_at_once(self):
        person = ed()
        call_command("loaddata", "regions", verbosity=0)
        for number in range(10):
            story(f"Story {number}", tags=NAMES[:3], at=NOON)
        failures = []

        def work(seed):
            newsroom = Newsroom(seed, person)
            try:
                for _ in range(25):
                    with suppress(ObjectDoesNotExist, MoveNotAllowed, IntegrityError, ValueError):  # another was faster
                        newsroom.act()
            except Exception as error:
                failures.append(repr(error))
            finally:
                connections.close_all()

        threads = [Thread(target=work, args=[seed]) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failures, find_differences()), ([], []))


class CheckTest(TestCase):
    def check(self, **options):
        out = StringIO()
        try:
            call_command("checklistings", stdout=out, **options)
        except SystemExit as stop:
            return stop.code, out.getvalue()
        return 0, out.getvalue()

    def test_right_counts_are_confirmed(self):
        story(tags=["Coast"])
        self.assertEqual(self.check(), (0, "All counts are right.\n"))

    def test_wrong_counts_are_printed_and_repaired(self):
        story(tags=["Coast"])
        MonthCount.objects.update(stories=7)
        TagCount.objects.update(stories=8)
        code, text = self.check()
        self.assertEqual(code, 1)
        self.assertIn("counted 7, actual 1", text)
        self.assertIn("all months: counted 8, actual 1", text)
        self.assertIn("Repaired 5.", self.check(repair=True)[1])
        self.assertEqual(find_differences(), [])

    def test_missing_and_superfluous_counts_are_repaired(self):
        story(tags=["Coast"])
        right = self.months()
        MonthCount.objects.filter(tag=0).delete()
        MonthCount.objects.create(tag_id=99, region_id=0, month=date(2020, 1, 1), stories=3)
        TagCount.objects.create(tag_id=99, stories=3)
        self.assertIn("Repaired 4.", self.check(repair=True)[1])
        self.assertEqual((self.months(), find_differences()), (right, []))

    def months(self):
        return set(MonthCount.objects.values_list("tag", "region", "month", "stories"))

    def test_right_counts_are_not_written_again(self):
        story(tags=["Coast"])
        rows = set(MonthCount.objects.values_list("pk", flat=True))
        MonthCount.objects.filter(tag=0).update(stories=7)
        self.check(repair=True)
        self.assertEqual((set(MonthCount.objects.values_list("pk", flat=True)), find_differences()), (rows, []))
