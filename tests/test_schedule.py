"""The publish date of the story form, in the newsroom's zone: Europe/London."""

from datetime import UTC, datetime
from unittest.mock import patch

from django.test import TestCase

from stories.admin.widgets.schedule import describe_zone
from stories.models import Story
from tests.cast import NOON, ed, story
from tests.test_story_admin import ADD, change, form


def at(day, time):
    return {"published_at_0": day, "published_at_1": time}


@patch("django.utils.timezone.now", return_value=NOON)
class ScheduleTest(TestCase):
    def setUp(self):
        self.client.force_login(ed())

    def saved(self, day, time):
        page = self.client.post(ADD, form(**at(day, time)), follow=True)
        return page, Story.objects.get().published_at

    def test_an_hour_that_comes_twice_is_taken_the_first_time_and_said(self, now):
        page, when = self.saved("25/10/2026", "01:30")
        self.assertEqual(when, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
        self.assertContains(page, "show 01:30 twice that day: the first was saved, London time, UTC+1")

    def test_an_hour_that_is_skipped_moves_forward_and_it_is_said(self, now):
        page, when = self.saved("28/03/2027", "01:30")
        self.assertEqual(when, datetime(2027, 3, 28, 1, 30, tzinfo=UTC))
        self.assertContains(page, "skip 01:30 that day: the publish date is now 28 Mar 2027, 02:30")

    def test_a_date_in_the_past_is_saved_and_said(self, now):
        page, when = self.saved("14/06/2026", "12:00")
        self.assertEqual(when, datetime(2026, 6, 14, 11, tzinfo=UTC))
        self.assertContains(page, "The publish date is in the past: 14 Jun 2026, 12:00.")

    def test_a_plain_future_date_gets_no_warning(self, now):
        page, _when = self.saved("16/06/2026", "12:00")
        self.assertNotContains(page, 'class="warning"')

    def test_half_a_date_and_one_of_no_calendar_are_refused_in_words(self, now):
        for day, time in (("16/06/2026", ""), ("", "12:00"), ("31/02/2026", "12:00")):
            self.assertContains(self.client.post(ADD, form(**at(day, time))), "errorlist")
        self.assertFalse(Story.objects.exists())

    def test_saving_the_second_of_two_equal_hours_again_does_not_move_it(self, now):
        second = datetime(2025, 10, 26, 1, 30, 12, tzinfo=UTC)
        one = story(at=second)
        self.client.post(change(one), form(headline="Ferry is back", **at("26/10/2025", "01:30:12")))
        one.refresh_from_db()
        self.assertEqual((one.headline, one.published_at), ("Ferry is back", second))

    def test_the_form_names_the_zone_with_its_offset_on_that_day(self, now):
        self.assertContains(self.client.get(ADD), "London time, UTC+1")
        winter = story(at=datetime(2026, 1, 5, 9, tzinfo=UTC))
        self.assertRegex(self.client.get(change(winter)).content.decode(), r"London time, UTC\s*<")

    def test_a_zone_may_be_half_an_hour_off(self, now):
        with self.settings(TIME_ZONE="Asia/Kolkata"):
            self.assertEqual(describe_zone(NOON), "Kolkata time, UTC+5:30")
