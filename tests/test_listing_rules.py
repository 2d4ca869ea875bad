"""Listings at their boundaries: pages, months cut by dates, the newest keys and the pager. Two stories to a page."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import time_machine
from django.core.paginator import EmptyPage
from django.db import connection
from django.test import SimpleTestCase, TestCase

from stories.listings.listing import Listing, Month, Pager
from stories.models import Story, Tag
from tests.cast import NOON, region, story


def moment(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


JUNE, MAY, MARCH = date(2026, 6, 1), date(2026, 5, 1), date(2026, 3, 1)
# Newest first. All in Europe have the tag Coast.
DATES = [moment(6, 15), moment(6, 10), moment(6, 1), moment(5, 20), moment(5, 20), moment(5, 2), moment(3, 9)]


@time_machine.travel(NOON, tick=False)
class PagesTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON, tick=False):
            for number, at in enumerate(DATES):
                place, tags = ("Asia", []) if number % 3 == 2 else ("Europe", ["Coast"])
                story(f"Story {number}", at=at, region=region(place), tags=tags)
            story("Scheduled", at=NOON + timedelta(hours=1), region=region("Europe"), tags=["Coast"])
            story("Next month", at=moment(7, 3), region=region("Europe"), tags=["Coast"])
        cls.coast, cls.europe = Tag.objects.get(name="Coast"), region("Europe")

    def listing(self, **limits):
        return Listing(**{"size": 2} | limits)

    def numbers(self, listing):
        """Return the stories by their numbers, page by page."""
        pages = [listing.page(str(number)).stories for number in range(1, listing.pages + 1)]
        return [[int(one.headline.split()[1]) for one in page] for page in pages]

    def test_pages_follow_each_other_across_months(self):
        self.assertEqual(self.numbers(self.listing()), [[0, 1], [2, 4], [3, 5], [6]])
        self.assertEqual(self.numbers(self.listing(tag=self.coast)), [[0, 1], [4, 3], [6]])
        self.assertEqual(self.numbers(self.listing(region=self.europe, size=4)), [[0, 1, 4, 3], [6]])
        self.assertEqual(self.numbers(self.listing(tag=self.coast, region=region("Asia"))), [[]])

    def test_the_last_page_may_be_full(self):
        for size, pages in ((1, 7), (6, 2), (7, 1), (8, 1)):
            listing = self.listing(size=size)
            self.assertEqual((listing.pages, listing.total), (pages, 7))
            self.assertEqual(len(listing.page(str(pages)).stories), 7 - size * (pages - 1))
            with self.assertRaisesMessage(EmptyPage, f"'{pages + 1}' is not a page of this listing"):
                listing.page(str(pages + 1))

    def test_a_page_knows_its_number_and_the_last(self):
        page = self.listing().page("3")
        self.assertEqual((page.number, page.last), (3, 4))
        for number in ("0", "-1", "1.0", "1" * 10, "1 ", "\n1"):
            self.assertRaises(EmptyPage, self.listing().page, number)

    def test_months_have_their_numbers_newest_first(self):
        self.assertEqual(self.listing().months, [(JUNE, 3), (MAY, 3), (MARCH, 1)])
        self.assertEqual(self.listing(tag=self.coast).months, [(JUNE, 2), (MAY, 2), (MARCH, 1)])
        self.assertEqual(self.listing(tag=self.coast, region=region("Asia")).months, [])
        self.assertEqual(self.listing().paged_months, self.listing().months)

    def test_a_month_limits_the_pages_and_not_the_months(self):
        listing = self.listing(month=MAY)
        self.assertEqual((self.numbers(listing), listing.total), ([[4, 3], [5]], 3))
        self.assertEqual([month.first_day for month in listing.months], [JUNE, MAY, MARCH])
        self.assertEqual(self.numbers(self.listing(month=date(2026, 4, 1))), [[]])

    def test_since_is_the_first_moment_and_until_the_first_after(self):
        for since, until, numbers in (
            (moment(5, 20), None, [0, 1, 2, 4, 3]), (moment(5, 20, 13), None, [0, 1, 2]), (None, moment(5, 20), [5, 6]),
            (None, moment(5, 20, 13), [4, 3, 5, 6]), (moment(5, 2), moment(6, 10), [2, 4, 3, 5]),
            (moment(6, 1), moment(6, 1), []), (moment(4, 1), moment(4, 30), []), (moment(3, 9), None, [0, 1, 2, 4, 3, 5, 6]),
            (None, moment(8, 1), [0, 1, 2, 4, 3, 5, 6]), (datetime(2026, 4, 30, 23, tzinfo=UTC), None, [0, 1, 2, 4, 3, 5]),
        ):  # fmt: skip
            with self.subTest(since=since, until=until):
                listing = self.listing(since=since, until=until, size=10)
                [found] = self.numbers(listing)
                self.assertEqual((found, listing.total), (numbers, len(numbers)))

    def test_only_a_month_that_since_cuts_is_counted_again(self):
        for since, queries in ((moment(5, 20), 2), (datetime(2026, 4, 30, 23, tzinfo=UTC), 1), (None, 1)):
            with self.assertNumQueries(queries):
                self.listing(since=since).months  # noqa: B018

    def test_since_and_month_limit_together(self):
        self.assertEqual(self.numbers(self.listing(month=MAY, since=moment(5, 3))), [[4, 3]])
        self.assertEqual(self.numbers(self.listing(month=JUNE, until=moment(6, 10, 13))), [[1, 2]])

    def test_a_full_month_is_read_from_both_ends_alike(self):
        with patch("stories.listings.listing.FULL_MONTH_STORIES", 1):
            for limits in ({}, {"month": MAY}, {"tag": self.coast}, {"since": moment(5, 3)}, {"size": 1}, {"size": 3}):
                with self.subTest(limits), patch("stories.listings.listing.FULL_MONTH_STORIES", 10**9):
                    expected = self.numbers(self.listing(**limits))
                self.assertEqual(self.numbers(self.listing(**limits)), expected)

    def test_the_newest_keys_are_those_of_its_pages(self):
        for limits, number, expected in (
            ({}, 2, [0, 1]), ({"month": MAY}, 2, [4, 3]), ({"month": MAY}, 9, [4, 3, 5]), ({"tag": self.coast}, 3, [0, 1, 4]),
            ({"since": moment(6, 10)}, 9, [0, 1]), ({"until": moment(6, 10)}, 2, [2, 4]), ({"region": self.europe}, 1, [0]),
        ):  # fmt: skip
            sql, parameters = self.listing(**limits).newest_keys(number)
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                pks = [pk for (pk,) in cursor.fetchall()]
            headlines = Story.objects.in_bulk(pks)
            self.assertEqual([int(headlines[pk].headline.split()[1]) for pk in pks], expected, limits)

    def test_a_tag_is_read_with_its_columns(self):
        self.coast.description = "Land’s end."
        self.coast.save()
        found = Listing.at_tag("coast", region=self.europe, size=2)
        self.assertEqual((found.tag, found.tag.name, found.tag.description), (self.coast, "Coast", "Land’s end."))
        self.assertEqual((found.region, found.total, found.pages), (self.europe, 5, 3))
        self.assertIsNone(Listing.at_tag("coast", region=region("Asia")))


class MonthTest(SimpleTestCase):
    def test_a_month_begins_and_ends_where_the_newsroom_is(self):
        june = Month(JUNE, 3)
        self.assertEqual((june.start, june.end), (moment(5, 31, 23), moment(6, 30, 23)))
        december = Month(date(2026, 12, 1), 1)
        self.assertEqual(december.end, datetime(2027, 1, 1, tzinfo=UTC))


class PagerTest(SimpleTestCase):
    def pager(self, number, last):
        return Pager(number, last, lambda page: f"?page={page}")

    def test_it_leads_to_neighbours_that_exist(self):
        for number, last, previous, following in (
            (1, 1, None, None), (1, 2, None, "?page=2"), (2, 2, "?page=1", None), (5, 9, "?page=4", "?page=6"),
        ):  # fmt: skip
            pager = self.pager(number, last)
            self.assertEqual((pager.previous_url, pager.next_url), (previous, following))
            self.assertEqual((pager.first_url, pager.last_url), ("?page=1", f"?page={last}"))

    def test_it_names_two_pages_on_each_side(self):
        for number, last, near in (
            (1, 1, [1]),
            (1, 9, [1, 2, 3]),
            (5, 9, [3, 4, 5, 6, 7]),
            (8, 9, [6, 7, 8, 9]),
            (9, 9, [7, 8, 9]),
        ):
            self.assertEqual(self.pager(number, last).near(), [(page, f"?page={page}") for page in near])
