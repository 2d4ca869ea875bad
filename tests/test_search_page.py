"""The readers' search: the same results on both databases, and only what readers may see."""

from datetime import timedelta
from unittest import mock, skipUnless

import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories.models import Status, Story, TagAlias
from stories.search import Query, SearchFilters, SearchResults, mark_words, results, snippet, suggestions
from stories.search.backends import postgresql, sqlite
from tests.cast import NOON, draft, ed, region, story

# Searches, and the stories that each finds, the best first.
TABLE = {
    "ferry": "ferry harbour",
    "FÉRRY": "ferry harbour",
    "harbour": "harbour ferry",
    "winter timetable": "ferry harbour",
    '"winter timetable"': "ferry",
    "timetable -harbour": "",
    "timetable -sinks": "ferry harbour",
    'timetable -"winter timetable"': "harbour",
    "timet": "ferry harbour",
    "sao paulo": "paulo",
    "coast": "paulo ferry",
    "-ferry": "",
    '"': "",
    'ferry "': "ferry harbour",
    "NEAR(ferry": "",
    "nothing": "",
}


@time_machine.travel(NOON, tick=False)
class SearchPageTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        with time_machine.travel(NOON, tick=False):
            cls.stories = {
                "ferry": story(
                    "Ferry returns", at=NOON - timedelta(days=1), body="<p>A <em>winter</em> timetable in the harbour</p>",
                    tags=["Coast"],
                ),
                "harbour": story(
                    "Harbour opens", at=NOON - timedelta(days=40), body="<p>A timetable for winter, and a ferry</p>",
                    region=region("Asia"),
                ),
                "paulo": story("São Paulo dries its coast", at=NOON - timedelta(days=50), body="<p>Sun</p>"),
            }  # fmt: skip

    def names(self, text, **filters):
        by_key = {one.pk: name for name, one in self.stories.items()}
        return " ".join(by_key[hit.pk] for hit in SearchResults(text, SearchFilters(**filters)).ranked)

    def test_searches_find_what_the_table_says(self):
        for text, expected in TABLE.items():
            with self.subTest(text):
                self.assertEqual(self.names(text), expected)

    def test_older_stories_are_found_with_the_newest_and_after_them(self):
        with mock.patch.object(postgresql, "NEWEST_STORIES", 1):
            self.test_searches_find_what_the_table_says()
            self.test_region_tag_and_month_filter_it()
            with mock.patch.object(results, "MAX_HITS", 0):
                found = SearchResults("timetable", SearchFilters())._find_by_words(SearchFilters())
                self.assertEqual([hit.headline for hit in found], ["Ferry returns"])

    def test_region_tag_and_month_filter_it(self):
        tag = self.stories["ferry"].tags.get()
        self.assertEqual(self.names("ferry", region=region("Asia")), "harbour")
        self.assertEqual(self.names("ferry", tag=tag), "ferry")
        self.assertEqual(self.names("ferry", month=NOON.date().replace(day=1)), "ferry")

    def test_a_renamed_tag_is_found_by_both_names(self):
        tag = self.stories["ferry"].tags.get()
        tag.name = "Shore"
        tag.save()
        self.assertEqual(self.names("shore"), "ferry")
        self.assertEqual(self.names("coast"), "paulo ferry")

    def test_a_minus_leaves_out_the_stories_of_a_tag_by_any_of_its_names(self):
        tag = self.stories["ferry"].tags.get()
        TagAlias.objects.create(tag=tag, name="Sea shore", normal="sea shore")
        for text in ("timetable -coast", "timetable -CÓAST", 'timetable -"sea shore"', "timetable -tide -coast"):
            self.assertEqual(self.names(text), "harbour", text)
        for text in ("timetable -shore", "timetable -coa", 'timetable -"coast road"'):
            self.assertEqual(self.names(text), "ferry harbour", text)
        self.assertEqual(self.names("timetable -coast", tag=tag), "")

    def test_a_minus_leaves_out_the_stories_of_a_source(self):
        self.stories["ferry"].sources.create(url="https://example.org/1", label="Harbour Board")
        self.assertEqual(self.names("timetable -example.org"), "harbour")
        self.assertEqual(self.names('timetable -"harbour board"'), "harbour")
        self.assertEqual(self.names("timetable -example.com"), "ferry harbour")

    def test_words_of_a_source_are_marked(self):
        self.stories["ferry"].sources.create(url="https://example.org/1", label="Harbour <Board>")
        page = self.client.get('/search/?q="harbour+board"')
        self.assertContains(page, "See <mark>Harbour</mark> &lt;<mark>Board</mark>&gt;")
        self.assertNotContains(self.client.get("/search/?q=timetable+example.org"), "https")

    def test_two_tags_are_both_required(self):
        self.stories["paulo"].tags.set(["Coast", "Sun"])
        tag = self.stories["paulo"].tags.get(name="Sun")
        self.assertEqual(self.names("coast", tag=tag), "paulo")
        self.assertEqual(self.names("coast", tag=tag, region=region("Asia")), "")

    def test_a_rare_region_of_a_common_word_is_found(self):
        with mock.patch.multiple(sqlite, MAX_ROWS_LISTED=1, MAX_ROWS_LOOKED_UP=1):
            self.assertEqual(self.names("timetable", region=region("Asia")), "harbour")
            self.assertEqual(self.names("timetable", region=region("Mars")), "")
        Story.objects.filter(pk=self.stories["harbour"].pk).update(region=region("Mars"))
        self.assertEqual(self.names("timetable", region=region("Mars")), "harbour")
        self.assertEqual(self.names("timetable", region=region("Asia")), "")

    def test_a_rare_tag_and_a_common_one_filter_alike(self):
        tag = self.stories["ferry"].tags.get()
        with mock.patch.object(sqlite, "MAX_LISTED_STORIES", 0):
            self.assertEqual(self.names("timetable", tag=tag), "ferry")
        self.assertEqual(self.names("timetable", tag=tag), "ferry")

    @skipUnless(connection.vendor == "sqlite", "PostgreSQL looks at all")
    def test_the_page_says_when_it_did_not_search_all_stories(self):
        self.stories["harbour"].tags.set(["Tide"])
        self.assertNotContains(self.client.get("/search/?q=timetable&tag=tide"), "Older stories may be missing")
        with mock.patch.multiple(sqlite, MAX_ROWS_LISTED=1, MAX_ROWS_LOOKED_UP=1):
            self.assertContains(self.client.get("/search/?q=timetable&tag=tide"), "Older stories may be missing")
            self.assertNotContains(self.client.get("/search/?q=timetable"), "Older stories may be missing")
            page = self.client.get("/search/?q=timetable&tag=tide&month=2026-05")
        self.assertNotContains(page, "Older stories may be missing")
        self.assertContains(page, "Harbour")

    @skipUnless(connection.vendor == "postgresql", "SQLite's index knows which words stand in a row")
    def test_reading_old_texts_for_a_phrase_ends_after_a_time_and_the_page_says_so(self):
        new, old = postgresql.NEW_THEN_OLD.split("UNION ALL")
        slow = f"{new} UNION ALL {old.replace('WHERE', 'WHERE pg_sleep(1) IS NOT NULL AND')}"
        with mock.patch.multiple(postgresql, NEWEST_STORIES=1, STATEMENT_TIMEOUT_MS=100, NEW_THEN_OLD=slow):
            for text in ('"winter timetable"', "timetable -strike"):
                page = self.client.get("/search/", {"q": text})
                self.assertContains(page, "Older stories may be missing")
                self.assertContains(page, "Ferry returns")
        self.assertNotContains(self.client.get("/search/?q=timetable+-strike"), "Older stories may be missing")

    def test_readers_find_only_what_they_may_see(self):
        draft("Ferry drafted", tags=["Coast"])
        story("Ferry to come", at=NOON + timedelta(minutes=1), tags=["Coast"])
        story("Ferry sunk", status=Status.WITHDRAWN, at=NOON - timedelta(days=1), tags=["Coast"])
        self.assertEqual((self.names("ferry"), self.names("coast")), ("ferry harbour", "paulo ferry"))
        with time_machine.travel(NOON + timedelta(minutes=2)):
            self.assertContains(self.client.get("/search/?q=ferry"), "to come")

    def test_withdrawn_and_deleted_stories_are_not_found(self):
        self.stories["ferry"].withdraw(by=ed(), comment="Wrong.")
        self.stories["harbour"].delete()
        self.assertEqual(self.names("ferry"), "")

    def test_the_page_shows_marked_words_and_facets_in_eleven_queries_at_most(self):
        with self.assertNumQueries(7 if connection.vendor == "sqlite" else 8):
            page = self.client.get("/search/?q=winter")
        with self.assertNumQueries(11):
            self.client.get("/search/?q=coast&tag=coast")
        self.assertContains(page, "A <mark>winter</mark> timetable")
        self.assertContains(page, "q=winter&amp;tag=coast")
        self.assertContains(page, '<meta name="robots" content="noindex">')
        self.assertEqual(page["Cache-Control"], "no-store")
        self.assertContains(self.client.get("/search/?q=winter&region=nowhere&month=x"), "There is no region")

    def test_a_typing_mistake_gets_a_suggestion(self):
        self.assertContains(self.client.get("/search/?q=harbuor"), "Did you mean")
        self.assertContains(self.client.get("/search/?q=harbuor"), "?q=harbour")

    def test_a_text_of_many_unknown_words_gets_no_suggestion(self):
        typed = " ".join(f"harbuor{letter}" for letter in "bcdfgh")
        with mock.patch.object(suggestions, "is_fuzzy_match", side_effect=AssertionError):
            self.assertNotContains(self.client.get("/search/", {"q": typed}), "Did you mean")

    def test_markup_is_escaped_before_it_is_marked(self):
        query = Query.parse("script")
        self.assertEqual(mark_words("<script>", query), "&lt;<mark>script</mark>&gt;")
        text = snippet("<p>&lt;img src=x onerror=script&gt;</p>", query)
        self.assertEqual(text, "&lt;img src=x onerror=<mark>script</mark>&gt;")
        page = self.client.get("/search/", {"q": '"><script>alert(1)</script>'})
        self.assertNotContains(page, "<script>alert")

    def test_the_index_can_be_rebuilt(self):
        call_command("reindex", verbosity=0)
        self.assertEqual(self.names("ferry"), "ferry harbour")


class AnyTextTest(HypothesisTestCase):
    @given(st.text(st.characters(codec=None), max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_any_text_is_answered(self, text):
        for typed in (text, f'"{text}', f"-{text} ferry"):
            typed = typed.encode(errors="surrogatepass")
            self.assertEqual(self.client.get("/search/", {"q": typed}).status_code, 200)

    def test_the_worst_is_answered(self):
        for text in ("\x00", "'", '"', "AND OR NOT", "x" * 10_000, "-", "*", "ﷺ" * 300, "%ED%A0%80"):
            self.assertEqual(self.client.get("/search/", {"q": text}).status_code, 200, text[:20])
