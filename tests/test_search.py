"""The search for words in stories, on both databases."""

from tempfile import NamedTemporaryFile
from unittest import skipUnless
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from stories import search
from stories.models import Source, Story
from tests.cast import draft, region, story

# Either raises an error, or gives back the rows that are wrong.
CHECK = {
    "sqlite": "INSERT INTO newsdesk_search (newsdesk_search, rank) VALUES ('integrity-check', 1)",
    "postgresql": "SELECT * FROM (SELECT story_id, live_at, region_id, search FROM newsdesk_search) AS kept"
    " FULL JOIN (SELECT id, live_at, region_id, newsdesk_story_words(id) FROM stories_story) AS story ON id = story_id"
    " WHERE kept IS DISTINCT FROM story",
}


def found(text, queryset=None):
    return [
        one.headline
        for one in search.filter_stories(Story.objects.order_by("pk") if queryset is None else queryset, text)
    ]


class WordTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        body = "<p>The <strong>harb</strong>our of São&nbsp;Paulo</p><p>AT&amp;T, <a href='https://example.org/x'>more</a></p>"
        cls.story = story("Ferry returns to Łódź 2026", body=body, byline="José O’Brien")
        cls.other = draft("Ferry sold", body="<p>Москва</p>")

    def test_all_words_are_required_in_any_order_and_place(self):
        self.assertEqual(found("ferry"), ["Ferry returns to Łódź 2026", "Ferry sold"])
        self.assertEqual(found("paulo jose ferry"), ["Ferry returns to Łódź 2026"])
        self.assertEqual(found("ferry moon"), [])

    def test_case_and_accents_do_not_matter(self):
        for text in ("FERRY sao", "São", "sao paulo", "JOSÉ", "jose\u0301", "at&t", "o'brien", "2026", "“harbour”"):
            self.assertEqual(found(text), ["Ferry returns to Łódź 2026"], text)
        self.assertEqual(found("москва"), ["Ferry sold"])

    def test_the_beginning_of_the_last_word_is_enough(self):
        self.assertEqual(found("sold fer"), ["Ferry sold"])
        self.assertEqual(found("fer sold"), [])
        self.assertEqual(found("fe"), [])
        self.assertEqual(found("of pau"), ["Ferry returns to Łódź 2026"])

    def test_a_tag_is_no_word_and_does_not_cut_one(self):
        for text in ("strong", "href", "nbsp", "amp", "example", "harb our"):
            self.assertEqual(found(text), [], text)
        self.assertEqual(found("harbour more"), ["Ferry returns to Łódź 2026"])

    def test_order_and_filters_of_the_stories_are_kept(self):
        self.assertEqual(found("ferry", Story.objects.order_by("-pk"))[0], "Ferry sold")
        self.assertEqual(found("ferry", Story.objects.published()), ["Ferry returns to Łódź 2026"])

    def test_a_common_word_finds_the_same_as_a_rare_one(self):
        with patch.object(search, "MAX_MATCHES_TO_SORT", 1):
            self.assertEqual(found("ferry"), ["Ferry returns to Łódź 2026", "Ferry sold"])
            self.assertEqual(found("ferry", Story.objects.filter(pk=self.other.pk)), ["Ferry sold"])

    def test_a_text_without_words_finds_nothing_and_never_fails(self):
        for text in (
            "",
            " ",
            "!!!",
            '"',
            "'",
            "*",
            "\x00",
            "\ud800",
            "_",
            "NEAR(",
            "x" * 10_000,
            "a " * 5_000,
            "ﷺ" * 300,
        ):
            self.assertEqual(found(text), [], text[:20])
        for text in ('ferry"', "ferry*", "ferry\x00", "fer\ud800ry ferry", "ferry' & !", "-ferry", "text:ferry"):
            self.assertIsInstance(found(text), list, text)


class AnyTextTest(HypothesisTestCase):
    @given(st.text(st.characters(codec=None), max_size=60))
    @settings(max_examples=150)
    def test_no_text_fails(self, text):
        self.assertIsInstance(found(text), list)
        self.assertIsInstance(found(f'{text}" OR ferry*'), list)


class WriteTest(TestCase):
    def test_a_save_is_found_by_its_new_words_only(self):
        one = story("Ferry", body="<p>Old words</p>")
        one.headline, one.body = "Train", "<p>New words</p>"
        one.save()
        self.assertEqual(
            [found(text) for text in ("ferry", "old", "train", "new words")], [[], [], ["Train"], ["Train"]]
        )

    def test_bulk_writes_and_deletions_change_the_index(self):
        Story.objects.bulk_create(
            Story(headline=name, slug=name, body="<p>b</p>", region=region()) for name in ("aaa", "bbb")
        )
        self.assertEqual(found("bbb"), ["bbb"])
        Story.objects.filter(headline="aaa").update(headline="ccc")
        self.assertEqual((found("aaa"), found("ccc")), ([], ["ccc"]))
        Story.objects.all().delete()
        self.assertEqual(found("ccc"), [])

    def test_a_fixture_is_found(self):
        one = story("Ferry returns")
        with NamedTemporaryFile(suffix=".json") as file:
            call_command("dumpdata", "stories.story", output=file.name, verbosity=0)
            Story.objects.filter(pk=one.pk).delete()
            self.assertEqual(found("ferry"), [])
            call_command("loaddata", file.name, verbosity=0)
        self.assertEqual(found("ferry"), ["Ferry returns"])

    @skipUnless(connection.vendor == "postgresql", "of PostgreSQL's storage")
    def test_words_are_stored_outside_of_the_rows_that_a_search_reads(self):
        long = " ".join(f"word{number}" for number in range(60))
        one = story("Ferry", body=f"<p>{long}</p>")
        Story.objects.filter(pk=one.pk).update(headline="Boat")
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'newsdesk_search'")
            cursor.execute(f"SELECT count(DISTINCT chunk_id) FROM {cursor.fetchone()[0]}")  # noqa: S608 (a table)
            self.assertEqual(cursor.fetchone(), (1,))

    def test_a_body_that_is_all_markup_can_be_saved(self):
        for body in ("<p>" + "<br>" * 20_000 + "x</p>", "<p>" + "ﷺ" * 90_000 + "</p>", "<p>" + "a" * 99_000 + "</p>"):
            story(body=body)
        self.assertEqual(len(found("ferry returns")), 3)


class SourceTest(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.pier, cls.train = story("Pier"), story("Train")
        cls.source = cls.pier.sources.create(url="https://www.example.org:81/x?y=z", label="Harbour Bóard")

    def tearDown(self):
        """Check after each test that the index agrees with the tables."""
        with connection.cursor() as cursor:
            cursor.execute(CHECK[connection.vendor])
            self.assertEqual(cursor.fetchall(), [])

    def test_a_story_is_found_by_label_and_host_of_a_source_only(self):
        for text in ("harbour board", '"harbour board"', "example.org", "www.example.org", "pier board", "exam"):
            self.assertEqual(found(text), ["Pier"], text)
        for text in ("train board", "example.com", "org.example", "https", "y", "board -example"):
            self.assertEqual(found(text), [], text)

    def test_every_change_of_a_source_is_indexed(self):
        Source.objects.filter(pk=self.source.pk).update(label="Coastguard")
        self.assertEqual((found("board"), found("coastguard")), ([], ["Pier"]))
        Source.objects.filter(pk=self.source.pk).update(story=self.train)
        self.assertEqual(found("coastguard"), ["Train"])
        self.train.sources.replace([["https://example.com/", "Pilots"], ["https://example.net/", "Divers"]])
        self.assertEqual((found("coastguard"), found("pilots divers")), ([], ["Train"]))
        Source.objects.get(label="Pilots").delete()
        self.assertEqual((found("pilots"), found("example.net")), ([], ["Train"]))

    def test_sources_of_many_stories_are_written_at_once(self):
        made = [Source(story=one, url="https://example.net/", label="Pilots") for one in (self.pier, self.train)]
        Source.objects.bulk_create(made)
        # Existing sources are left out of the insert, and must stay in the index.
        Source.objects.bulk_create([Source(story=self.train, url="https://example.net/")], ignore_conflicts=True)
        self.assertEqual(found("pilots"), ["Pier", "Train"])
        Source.objects.filter(label="Pilots").delete()
        self.assertEqual((found("pilots"), found("train")), ([], ["Train"]))

    def test_a_change_by_bare_sql_is_found(self):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE stories_source SET url = 'https://example.net'")
            self.assertEqual((found("example.org"), found("example.net")), ([], ["Pier"]))
            cursor.execute("DELETE FROM stories_source")
        self.assertEqual((found("example.net"), found("pier")), ([], ["Pier"]))

    def test_a_source_inserted_before_its_story_is_found(self):
        pk = self.train.pk + 1_000
        Source.objects.create(story_id=pk, url="https://example.net/", label="Pilots")
        self.assertEqual(found("pilots"), [])
        story("Plane", pk=pk)
        self.assertEqual(found("pilots plane"), ["Plane"])

    def test_a_rewritten_story_keeps_its_sources_words(self):
        self.pier.headline = "Boat"
        self.pier.save()
        self.assertEqual((found("boat board"), found("pier")), (["Boat"], []))
        self.pier.delete()
        self.assertEqual((found("board"), found("train")), ([], ["Train"]))

    def test_a_rebuilt_index_has_them_and_nothing_else(self):
        damage = {
            "sqlite": "INSERT INTO newsdesk_search (newsdesk_search) VALUES ('delete-all')",
            "postgresql": "UPDATE newsdesk_search SET search = to_tsvector('simple', 'damaged') || search WHERE story_id > 0",
        }
        with connection.cursor() as cursor:
            cursor.execute(damage[connection.vendor])
        call_command("reindex", verbosity=0)
        self.assertEqual((found("damaged"), found("board pier"), found("train")), ([], ["Pier"], ["Train"]))
