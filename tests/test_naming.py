from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from stories.text.normalize import normal_form, tidy
from stories.text.slugs import first_free, slug_for


class NamingTest(TestCase):
    def test_case_accents_spaces_and_width_make_no_other_name(self):
        for spelling in ("russia", " RUSSIA ", "Rússia", "Ｒｕｓｓｉａ", "Rus\u200bsia", "Russia\n"):
            self.assertEqual(normal_form(spelling), "russia", spelling)

    def test_a_letter_of_another_script_stays_another_letter(self):
        self.assertNotEqual(normal_form("бой"), normal_form("бои"))
        self.assertNotEqual(normal_form("C++"), normal_form("C"))

    @given(st.text())
    def test_the_normal_form_of_a_normal_form_is_itself(self, name):
        self.assertEqual(normal_form(normal_form(name)), normal_form(name))

    @given(st.text())
    def test_two_unicode_spellings_of_a_name_are_one(self, name):
        import unicodedata

        for form in ("NFC", "NFD", "NFKC"):
            self.assertEqual(normal_form(unicodedata.normalize(form, name)), normal_form(name))

    @given(st.text())
    def test_a_slug_is_never_empty_nor_too_long(self, name):
        slug = slug_for(name, otherwise="tag", length=30)
        self.assertTrue(0 < len(slug) <= 30)
        self.assertNotIn("/", slug)

    def test_a_name_without_latin_letters_keeps_its_own(self):
        self.assertEqual(slug_for("Россия", otherwise="tag", length=30), "россия")
        self.assertEqual(slug_for("!!!", otherwise="tag", length=30), "tag")

    def test_a_long_slug_is_cut_at_a_word(self):
        self.assertEqual(slug_for("Ferry returns to Saltmere", otherwise="story", length=15), "ferry-returns")

    def test_a_taken_slug_gets_the_next_number(self):
        self.assertEqual(first_free("ferry", {"ferry", "ferry-2"}), "ferry-3")
        self.assertEqual(first_free("ferry", {"ferries"}), "ferry")

    def test_a_name_is_shown_on_one_line(self):
        self.assertEqual(tidy(" North \n Korea\x00 "), "North Korea")
