"""The moment of publication: the rules of the model and of the counts change at it, not before and not later."""

from datetime import timedelta

import time_machine
from django.test import TestCase

from stories.listings.listing import Listing, stories_by_tag
from stories.models import Status, Story, Tag
from tests.cast import NOON, draft, region, story

MOMENT = timedelta(microseconds=1)


class PublishMomentTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON - timedelta(hours=2), tick=False):
            cls.story = story("Ferry sinks", tags=["Coast"], region=region("Europe"), at=NOON)
            story("Harbour opens", tags=["Coast"], at=NOON - timedelta(hours=3), region=cls.story.region)

    def test_it_is_counted_on_time(self):
        tag = Tag.objects.get(name="Coast")
        for early, number in ((timedelta(minutes=59), 1), (MOMENT, 1), (timedelta(0), 2)):
            with time_machine.travel(NOON - early, tick=False):
                self.assertEqual(stories_by_tag(), {tag.pk: number})
                for listing in (
                    Listing(),
                    Listing(tag=tag),
                    Listing(region=self.story.region),
                    Listing.at_tag("coast"),
                ):
                    self.assertEqual((listing.total, len(listing.page("1").stories)), (number, number))

    def test_every_rule_of_the_model_turns_at_the_same_moment(self):
        for early, live in ((MOMENT, False), (timedelta(0), True)):
            with time_machine.travel(NOON - early, tick=False):
                one = Story.objects.get(pk=self.story.pk)
                self.assertEqual((one.is_live, one.is_scheduled, one.was_live), (live, not live, live))
                self.assertEqual(Story.objects.published().contains(one), live)

    def test_what_is_not_published_is_none_of_it(self):
        for status in set(Status) - {Status.PUBLISHED}:
            one = draft(f"A {status}")
            Story.objects.filter(pk=one.pk).update(status=status, published_at=NOON)
            with time_machine.travel(NOON + timedelta(days=1), tick=False):
                one = Story.objects.get(pk=one.pk)
                self.assertEqual((one.is_live, one.is_scheduled, one.was_live), (False, False, False))


class FirstPublicationTest(TestCase):
    def test_it_follows_the_publish_date_until_readers_saw_the_story(self):
        with time_machine.travel(NOON, tick=False):
            one = story(at=NOON + timedelta(hours=1))
            one.published_at = NOON + timedelta(hours=2)
            one.save()
            self.assertEqual(one.first_published_at, NOON + timedelta(hours=2))
        with time_machine.travel(NOON + timedelta(hours=2), tick=False):
            one.published_at = NOON + timedelta(hours=5)
            one.save()
            self.assertEqual(one.first_published_at, NOON + timedelta(hours=2))

    def test_a_story_that_nobody_saw_loses_it(self):
        one = story(at=NOON + timedelta(hours=1))
        with time_machine.travel(NOON, tick=False):
            one.first_published_at = one.published_at
            one.status = Status.DRAFT
            one.save()
            self.assertIsNone(one.first_published_at)
