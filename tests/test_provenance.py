"""Digests of imported values, and the record of an origin, without a database."""

from datetime import timedelta, timezone

from django.test import SimpleTestCase

from stories.importers.provenance import Provenance, digest, is_provenance
from stories.models import Region, Story, Tag
from tests.cast import NOON

RECORD = {"seen": ["a"], "fields": {"headline": "b"}, "tags": ["coast"], "sources": ["c"]}


class DigestTest(SimpleTestCase):
    def test_equal_values_have_equal_digests(self):
        east = NOON.astimezone(timezone(timedelta(hours=5)))
        self.assertEqual(digest(NOON), digest(east))
        self.assertEqual(digest(Region(name="Europe", normal="europe")), digest(Region(name="EUROPE", normal="europe")))
        self.assertEqual(digest("Ferry"), digest("Ferry"))

    def test_other_values_have_others(self):
        self.assertNotEqual(digest("Ferry"), digest("ferry"))
        self.assertNotEqual(digest(NOON), digest(NOON + timedelta(seconds=1)))
        self.assertNotEqual(digest(Region(normal="europe")), digest(Region(normal="asia")))
        self.assertNotEqual(digest(Region(name="x", normal="europe")), digest("x"))


class RecordTest(SimpleTestCase):
    def start(self, imported=None):
        self.story = Story(headline="Ferry", imported=imported)
        return Provenance.start(self.story, "k2")

    def test_each_origin_has_its_own_record(self):
        self.start({"newsdesk": RECORD}).record_field("headline", "Ferry")
        self.assertEqual(self.story.imported["newsdesk"], RECORD)
        self.assertEqual(self.story.imported["k2"]["fields"], {"headline": digest("Ferry")})
        self.assertEqual(
            self.story.imported["k2"],
            RECORD | {"seen": [], "tags": [], "sources": [], "fields": {"headline": digest("Ferry")}},
        )

    def test_a_record_is_found_by_its_origin_only(self):
        self.start()
        self.assertIsNotNone(Provenance.find(self.story, "k2"))
        self.assertIsNone(Provenance.find(self.story, "newsdesk"))
        self.assertIsNone(Provenance.find(Story(), "k2"))

    def test_a_value_is_unedited_while_it_is_the_imported_one(self):
        record = self.start()
        self.assertFalse(record.is_unedited("headline", "Ferry"))
        record.record_field("headline", "Ferry")
        self.assertTrue(record.is_unedited("headline", "Ferry"))
        self.assertFalse(record.is_unedited("headline", "Ferry sinks"))
        self.assertFalse(record.is_unedited("byline", "Ferry"))

    def test_a_tag_is_new_once_by_any_of_its_names(self):
        record, kyiv = self.start(), Tag(name="Kyiv", normal="kyiv")
        self.assertIs(record.record_tag("Kiev", kyiv), True)
        self.assertEqual(self.story.imported["k2"]["tags"], ["kiev", "kyiv"])
        self.assertIs(record.record_tag("Kiev", Tag(name="Kiew", normal="kiew")), False)
        self.assertIs(record.record_tag("KYIV", kyiv), False)
        self.assertIs(record.record_tag("Coast", Tag(name="Coast", normal="coast")), True)

    def test_a_source_is_new_once(self):
        record = self.start()
        urls = ("https://example.org/a", "https://example.org/a", "https://example.org/b")
        self.assertEqual([record.record_source(url) for url in urls], [True, False, True])
        self.assertEqual(len(self.story.imported["k2"]["sources"]), 2)


class ShapeTest(SimpleTestCase):
    def test_records_of_any_origin_are_provenance(self):
        for value in ({}, {"k2": RECORD}, {"k2": RECORD, "a-b_1": RECORD}, {"x" * 40: RECORD}):
            self.assertTrue(is_provenance(value), value)

    def test_origins_are_short_lower_case_words(self):
        for origin in ("", "K2", "2k", "x" * 41, "a b", "k2\n"):
            self.assertFalse(is_provenance({origin: RECORD}), origin)

    def test_anything_else_is_none(self):
        for wrong in (
            None, [], "k2", {}, RECORD | {"more": []}, {name: RECORD[name] for name in ("seen", "fields", "tags")},
            RECORD | {"seen": {}}, RECORD | {"seen": [1]}, RECORD | {"tags": "coast"}, RECORD | {"sources": None},
            RECORD | {"fields": []}, RECORD | {"fields": {"headline": 1}}, RECORD | {"fields": {1: "b"}},
            RECORD | {"tags": [" coast"]}, RECORD | {"fields": {"headline": "a\x00"}},
        ):  # fmt: skip
            self.assertFalse(is_provenance({"k2": wrong}), wrong)
