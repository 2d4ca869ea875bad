"""Slugs and normal forms, at their limits."""

from unittest import TestCase

from stories.text.normalize import extract_phrases, is_acronym, normal_form, printable, tidy
from stories.text.slugs import first_free, is_numbered, slug_for


class SlugTest(TestCase):
    def slug(self, name, length=10):
        return slug_for(name, otherwise="tag", length=length)

    def test_a_slug_of_just_the_length_is_whole(self):
        self.assertEqual(self.slug("abcde fghi"), "abcde-fghi")
        self.assertEqual(self.slug("abcde fghij"), "abcde")
        self.assertEqual(self.slug("abcdefghij klm"), "abcdefghij")
        self.assertEqual(self.slug("abcdefghijklm"), "abcdefghij")
        self.assertEqual(self.slug("abc defghij klm", 11), "abc-defghij")

    def test_dashes_at_its_ends_are_dropped(self):
        self.assertEqual(self.slug("_-ferry-_"), "ferry")
        self.assertEqual(self.slug("-_-"), "tag")
        self.assertEqual(self.slug("abcd_efgh", 5), "abcd")

    def test_numbers_make_equal_slugs_differ(self):
        self.assertEqual(first_free("ferry", set()), "ferry")
        self.assertEqual(first_free("ferry", {"ferry"}), "ferry-2")
        self.assertEqual(first_free("ferry", {"ferry", "ferry-3"}), "ferry-2")

    def test_only_a_number_makes_a_numbered_slug(self):
        for slug in ("ferry", "ferry-2", "ferry-17"):
            self.assertIs(is_numbered(slug, "ferry"), True, slug)
        for slug in ("ferry-", "ferry-x", "ferry2", "ferry-2-3", "my-ferry"):
            self.assertIs(is_numbered(slug, "ferry"), False, slug)
        self.assertFalse(is_numbered("axb", "a.b"))


class NormalFormTest(TestCase):
    def test_accents_are_dropped_from_latin_and_greek_letters_only(self):
        for name, normal in (
            ("à", "a"), ("a\u036f", "a"), ("Ά", "α"), ("e\u0301\u0327", "e"), ("й", "й"), ("и\u0306", "й"),
            ("\u0301a", "\u0301a"), ("1\u0301", "1\u0301"), ("é\u200bt\u00ade", "ete"), ("ͰX", "ͱx"),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(normal_form(name), normal)

    def test_a_character_without_a_name_is_no_letter(self):
        self.assertEqual(normal_form("é\x80\u0301x"), "e \u0301x")

    def test_control_characters_and_lone_surrogates_become_spaces(self):
        self.assertEqual(tidy("a\x00b\ud800c\u00a0 d"), "a b c d")
        self.assertEqual(tidy("e\u0301"), "é")
        self.assertEqual(tidy("a\u200bb"), "a\u200bb")

    def test_a_printable_text_is_left_exactly(self):
        self.assertEqual(printable(" a  e\u0301 "), " a  e\u0301 ")
        self.assertEqual(printable(" a\t\tb "), "a b")

    def test_an_acronym_has_at_most_four_capitals(self):
        self.assertEqual([is_acronym(name) for name in ("US", "NATO", "G20")], [True] * 3)
        self.assertEqual([is_acronym(name) for name in ("Us", "us", "20", "ASEAN")], [False] * 4)


class PhrasesTest(TestCase):
    def test_phrases_have_up_to_five_words_without_punctuation(self):
        found = extract_phrases("(One) two, “three” four five six!")
        self.assertEqual(found["one"], {"One"})
        self.assertEqual(found["one two three four five"], {"One two three four five"})
        self.assertEqual(found["six"], {"six"})
        self.assertNotIn("one two three four five six", found)
        self.assertEqual(len(found), 20)

    def test_spellings_of_one_phrase_are_kept_together(self):
        self.assertEqual(extract_phrases("US us ... -")["us"], {"US", "us"})
        self.assertNotIn("", extract_phrases("... \u200b"))

    def test_a_text_is_read_for_two_thousand_words(self):
        found = extract_phrases("word " * 1_999 + "last beyond")
        self.assertIn("last", found)
        self.assertNotIn("beyond", found)
