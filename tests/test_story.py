from datetime import timedelta

import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from stories.models import Source, Status, Story
from tests.cast import NOON, draft, ed, region, story


@time_machine.travel(NOON, tick=False)
class SlugTest(TestCase):
    def test_a_slug_is_made_from_the_headline(self):
        self.assertEqual(draft("Ferry returns – at last!").slug, "ferry-returns-at-last")

    def test_two_stories_with_one_headline_have_two_addresses(self):
        self.assertEqual(
            [draft("News in brief").slug for _ in range(3)], ["news-in-brief", "news-in-brief-2", "news-in-brief-3"]
        )

    def test_a_drafts_slug_follows_its_headline(self):
        one = Story.objects.get(pk=draft("Ferry returns").pk)
        one.headline = "Ferry stays away"
        one.save()
        self.assertEqual(one.slug, "ferry-stays-away")

    def test_a_slug_of_ones_own_does_not_follow(self):
        one = Story.objects.get(pk=draft("Ferry returns", slug="boats").pk)
        one.headline = "Ferry stays away"
        one.save()
        self.assertEqual(one.slug, "boats")

    def test_a_published_storys_slug_stays(self):
        one = Story.objects.get(pk=story("Ferry returns").pk)
        one.headline = "Ferry stays away"
        one.save()
        self.assertEqual(one.slug, "ferry-returns")

    def test_a_headline_without_letters_still_has_an_address(self):
        self.assertEqual(draft("…").slug, "story")


@time_machine.travel(NOON, tick=False)
class VisibilityTest(TestCase):
    def test_readers_see_what_is_published_and_due(self):
        due = story("Due", at=NOON)
        story("Scheduled", at=NOON + timedelta(seconds=1))
        draft("Draft", published_at=NOON - timedelta(days=1))
        self.assertEqual(list(Story.objects.published()), [due])

    def test_a_scheduled_story_appears_without_a_write(self):
        story("Scheduled", at=NOON + timedelta(hours=1))
        self.assertFalse(Story.objects.published().exists())
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            self.assertTrue(Story.objects.published().exists())

    def test_a_copy_knows_what_the_database_knows(self):
        one = story("Due", at=NOON)
        self.assertTrue(one.is_live)
        one.withdraw(by=ed(), comment="It was wrong.")
        self.assertFalse(one.is_live)


class NeverFalseTest(TestCase):
    """Rules that the database enforces."""

    def refuses(self, **fields):
        defaults = {"headline": "H", "slug": "h", "body": "<p>x</p>", "region": region()}
        with self.assertRaises(IntegrityError), transaction.atomic():
            Story.objects.bulk_create([Story(**defaults | fields)])

    def test_a_story_without_headline_or_slug(self):
        self.refuses(headline="")
        self.refuses(slug="")

    def test_a_published_story_without_a_date(self):
        self.refuses(status=Status.PUBLISHED, published_at=None)

    def test_a_dated_published_story_passes_its_own_checks(self):
        Story(headline="H", body="<p>x</p>", region=region(), status=Status.PUBLISHED, published_at=NOON).full_clean()

    def test_a_status_that_nobody_knows(self):
        self.refuses(status="lost")

    def test_one_source_twice(self):
        one = story()
        Source.objects.create(story=one, url="https://example.org/ä")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Source.objects.create(story=one, url="https://example.org/%C3%A4")

    def test_a_source_that_is_no_web_address(self):
        for url in ("javascript:alert(1)", "ftp://example.org", "example"):
            with self.assertRaises(ValidationError, msg=url):
                Source(story=story(), url=url).full_clean()
