from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import time_machine
from django.core.paginator import EmptyPage
from django.test import TestCase

from stories.listings.listing import Listing, stories_by_tag
from stories.models import Story, Tag, TagChange
from tests.cast import NOON, ed, region, story


@time_machine.travel(NOON, tick=False)
class ListingTest(TestCase):
    """137 stories over two years, several at one moment, and three still to come."""

    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON, tick=False):
            for number in range(140):
                at = NOON + timedelta(days=30) - timedelta(days=10 * (number // 2))
                place = region("Europe" if number % 3 else "Worldwide")
                story(f"Story {number}", at=at, tags=["Coast"] if number % 2 else ["Coast", "Ships"], region=place)
        cls.coast, cls.ships = Tag.objects.get(name="Coast"), Tag.objects.get(name="Ships")

    def every_page(self, listing):
        return [one.pk for number in range(1, listing.pages + 1) for one in listing.page(str(number)).stories]

    def expected(self, **lookups):
        return list(Story.objects.published().filter(**lookups).newest_first().values_list("pk", flat=True))

    def test_every_listing_has_the_stories_that_a_plain_query_finds(self):
        europe = region("Europe")
        for listing, lookups in (
            (Listing(), {}),
            (Listing(tag=self.ships), {"story_tags__tag": self.ships}),
            (Listing(region=europe), {"region": europe}),
            (Listing(tag=self.ships, region=europe), {"story_tags__tag": self.ships, "region": europe}),
        ):
            expected = self.expected(**lookups)
            self.assertEqual(listing.total, len(expected))
            self.assertEqual(self.every_page(listing), expected)

    def test_dates_may_be_any_moments(self):
        since, until = datetime(2025, 2, 11, 7, tzinfo=UTC), datetime(2025, 9, 20, 13, tzinfo=UTC)
        listing = Listing(tag=self.coast, since=since, until=until)
        expected = self.expected(story_tags__tag=self.coast, live_at__gte=since, live_at__lt=until)
        self.assertEqual((listing.total, self.every_page(listing)), (len(expected), expected))

    def test_scheduled_stories_count_once_their_time_comes(self):
        self.assertEqual(Listing().total, Story.objects.published().count())
        with time_machine.travel(NOON + timedelta(days=31), tick=False):
            self.assertEqual(Listing().total, 140)

    def test_a_story_of_this_very_moment_is_in_it(self):
        now = story("Now", at=NOON)
        self.assertEqual(Listing().page("1").stories[0].pk, now.pk)

    def test_a_month_begins_at_midnight_in_the_newsrooms_time_zone(self):
        summer = story("A minute into July in London", at=datetime(2020, 6, 30, 23, 1, tzinfo=UTC))
        oldest = Listing().months[-1]
        self.assertEqual((f"{oldest.first_day:%Y-%m}", oldest.stories), ("2020-07", 1))
        self.assertEqual(Listing().page(str(Listing().pages)).stories[-1].pk, summer.pk)

    def test_a_very_full_month_is_read_from_the_nearer_end(self):
        for number in range(33):
            story(f"Archive {number}", at=datetime(2020, 5, 1, tzinfo=UTC), tags=["Ships"])
            story(f"Older {number}", at=datetime(2020, 4, 1 + number // 2, tzinfo=UTC), tags=["Coast", "Ships"])
        with patch("stories.listings.listing.FULL_MONTH_STORIES", 10):
            for listing in (Listing(tag=self.ships), Listing(tag=self.ships, month=date(2020, 5, 1)), Listing()):
                with self.subTest(listing):
                    with patch("stories.listings.listing.FULL_MONTH_STORIES", 10**9):
                        expected = self.every_page(listing)
                    self.assertEqual(self.every_page(listing), expected)
                    self.assertEqual(len(expected), listing.total)

    def test_a_number_without_a_page_is_refused(self):
        for number in ("0", str(Listing().pages + 1), "01", "+1", "１", "last", ""):
            with self.assertRaises(EmptyPage, msg=number):
                Listing().page(number)

    def test_a_page_costs_three_queries_wherever_it_is(self):
        for number in ("1", "7", "14"):
            with self.assertNumQueries(3):
                Listing(tag=self.coast).page(number)

    def test_a_tag_comes_with_its_months_in_one_query(self):
        with self.assertNumQueries(1):
            listing = Listing.at_tag("ships")
            found = listing.tag, listing.total
        self.assertEqual(found, (self.ships, len(self.expected(story_tags__tag=self.ships))))
        self.assertIsNone(Listing.at_tag("nothing"))

    def test_the_tag_index_counts_what_readers_see(self):
        for tag in (self.coast, self.ships):
            self.assertEqual(stories_by_tag()[tag.pk], len(self.expected(story_tags__tag=tag)))

    def test_the_tag_index_counts_no_story_before_its_time(self):
        story("To come", at=NOON + timedelta(days=400), tags=["Tomorrow"])
        Tag.objects.create(name="Nowhere")
        numbers = stories_by_tag()
        self.assertEqual(numbers[Tag.objects.get(name="Tomorrow").pk], 0)
        self.assertNotIn(Tag.objects.get(name="Nowhere").pk, numbers)

    def test_the_tag_index_is_right_after_a_merge_and_its_undo(self):
        before, ships = stories_by_tag(), self.ships.pk
        change = TagChange.objects.merge(self.ships, self.coast, by=ed())
        merged = stories_by_tag()
        self.assertEqual((merged[self.coast.pk], merged[ships]), (before[self.coast.pk], 0))
        change.undo(by=change.by)
        self.assertEqual(stories_by_tag(), before)
