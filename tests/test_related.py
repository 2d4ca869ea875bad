"""Links below a story: related stories, and the previous and next story of its first tag."""

from datetime import timedelta

import time_machine
from django.test import TestCase

from stories.listings.related import MAX_CLOSE_STORIES, MAX_STORIES_PER_TAG, Related
from stories.models import Story
from tests.cast import NOON, draft, story

DAY = timedelta(days=1)


@time_machine.travel(NOON, tick=False)
class RelatedTest(TestCase):
    def setUp(self):
        self.ferry = story("Ferry", tags=["Ferries", "Coast"], at=NOON - 10 * DAY)

    def related(self, one=None):
        return Related(prefetched(one or self.ferry))

    def close(self):
        return [found.headline for found in self.related().close]

    def test_a_rare_tag_in_common_counts_for_more_than_a_common_one(self):
        for number in range(6):
            story(f"Shore {number}", tags=["Coast"], at=NOON - DAY)
        story("Timetable", tags=["Ferries"], at=NOON - 20 * DAY)
        self.assertEqual(self.close()[0], "Timetable")

    def test_two_tags_in_common_count_for_more_than_one(self):
        story("One", tags=["Ferries"], at=NOON - DAY)
        story("Both", tags=["Coast", "Ferries"], at=NOON - 2 * DAY)
        self.assertEqual(self.close(), ["Both", "One"])

    def test_what_is_new_comes_before_what_is_years_old(self):
        story("Old", tags=["Ferries"], at=NOON - 2_000 * DAY)
        story("New", tags=["Ferries"], at=NOON - DAY)
        self.assertEqual(self.close(), ["New", "Old"])

    def test_only_what_readers_see_is_offered(self):
        draft("Draft", tags=["Ferries"])
        story("Scheduled", tags=["Ferries"], at=NOON + DAY)
        withdrawn = story("Withdrawn", tags=["Ferries"], at=NOON - DAY)
        Story.objects.filter(pk=withdrawn.pk).update(status="withdrawn")
        related = self.related()
        self.assertEqual((related.close, related.earlier, related.later), ([], None, None))

    def test_neighbours_are_the_next_in_the_list_of_the_first_tag(self):
        for headline, days in (("Before", 11), ("Long before", 12), ("After", 9), ("Long after", 8)):
            story(headline, tags=["Ferries"], at=NOON - days * DAY)
        story("Of another tag", tags=["Coast"], at=NOON - timedelta(days=9, hours=20))
        related = self.related()
        self.assertEqual((related.earlier.headline, related.later.headline), ("Before", "After"))

    def test_stories_of_one_moment_lead_to_each_other_in_their_order(self):
        second = story("Second", tags=["Ferries"], at=self.ferry.published_at)
        self.assertEqual(self.related().later.headline, "Second")
        self.assertEqual(self.related(second).earlier.headline, "Ferry")
        self.assertIsNone(self.related(second).later)

    def test_a_story_without_tags_has_nothing_after_it(self):
        alone = prefetched(story("Alone", at=NOON - DAY))
        with self.assertNumQueries(0):
            related = Related(alone)
        self.assertEqual((related.tag, related.close), (None, []))

    def test_it_costs_four_queries_however_many_stories_there_are(self):
        for number in range(MAX_STORIES_PER_TAG + 5):
            story(f"Timetable {number}", tags=["Ferries", "Coast"], at=NOON - number * timedelta(hours=1))
        one = prefetched(self.ferry)
        with self.assertNumQueries(4):
            related = Related(one)
        self.assertEqual(len(related.close), MAX_CLOSE_STORIES)

    def test_its_page_shows_them(self):
        story("Timetable", tags=["Ferries"], at=NOON - DAY)
        page = self.client.get(self.ferry.get_absolute_url())
        self.assertContains(page, "<span>Later</span>")
        self.assertContains(page, "Related stories")
        self.assertNotContains(page, "<span>Earlier</span>")


def prefetched(one):
    return Story.objects.with_related().get(pk=one.pk)
