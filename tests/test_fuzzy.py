"""Fuzzy name matching, without a database."""

from unittest import TestCase

from hypothesis import example, given
from hypothesis import strategies as st

from stories.text.fuzzy import distance, find_clues, is_fuzzy_match, max_typos

WORDS = st.text("abcde", min_size=5, max_size=12)


class DistanceTest(TestCase):
    def test_insertions_deletions_changes_and_swaps_cost_one_each(self):
        for one, other, cost in (
            ("", "", 0), ("", "ab", 2), ("ab", "", 2), ("abc", "abc", 0), ("abc", "axc", 1), ("abc", "ac", 1),
            ("ac", "abc", 1), ("abx", "bax", 1), ("xab", "xba", 1), ("abcd", "badc", 2), ("abcd", "wxyz", 4),
            ("kitten", "sitting", 3), ("ca", "abc", 3), ("aaa", "a", 2), ("aab", "aba", 1), ("abcdef", "bcdefa", 2),
        ):  # fmt: skip
            with self.subTest(one=one, other=other):
                self.assertEqual(distance(one, other), cost)

    @given(st.text("abc", max_size=6), st.text("abc", max_size=6))
    def test_it_is_the_same_in_both_directions(self, one, other):
        self.assertEqual(distance(one, other), distance(other, one))
        self.assertLessEqual(distance(one, other), max(len(one), len(other)))
        self.assertEqual(distance(one, other) == 0, one == other)


class MatchTest(TestCase):
    def test_typos_are_allowed_from_five_and_from_ten_characters(self):
        self.assertEqual([max_typos("x" * length) for length in (4, 5, 9, 10, 30)], [0, 1, 1, 2, 2])

    def test_the_shorter_name_decides(self):
        self.assertTrue(is_fuzzy_match("coast", "coasts"))
        self.assertFalse(is_fuzzy_match("coas", "coast"))
        self.assertFalse(is_fuzzy_match("lighthous", "lighthouses"))
        self.assertTrue(is_fuzzy_match("lighthouse", "lighthousess"))

    def test_equal_names_and_other_digits_are_no_match(self):
        self.assertFalse(is_fuzzy_match("coast", "coast"))
        self.assertFalse(is_fuzzy_match("election 2025", "election 2026"))
        self.assertTrue(is_fuzzy_match("elections 2026", "election 2026"))

    def test_words_may_change_their_order(self):
        self.assertTrue(is_fuzzy_match("policy foreign", "foreign policy"))
        self.assertTrue(is_fuzzy_match("us eu", "eu us"))
        self.assertFalse(is_fuzzy_match("us eu", "eu uk"))


class CluesTest(TestCase):
    def test_short_names_have_none(self):
        self.assertIsNone(find_clues("iran"))

    def test_a_name_is_cut_into_one_part_more_than_typos(self):
        short, long = find_clues("harbour"), find_clues("foreign policy")
        self.assertEqual(short.parts, ["har", "bour"])
        self.assertEqual(long.parts, ["fore", "ign p", "olicy"])
        self.assertEqual((short.lengths, long.lengths), ((6, 8), (12, 16)))

    def test_swapped_letters_at_each_border_are_looked_up(self):
        self.assertEqual(find_clues("harbour").names, ["habrour"])
        self.assertEqual(find_clues("foreign policy").names, ["foriegn policy", "foreign oplicy"])

    def test_only_names_of_several_words_are_looked_up_by_word(self):
        self.assertEqual(find_clues("harbour").words, [])
        self.assertEqual(find_clues("foreign policy").words, ["foreign", "policy"])

    @given(WORDS, WORDS)
    @example("abcde", "abdce")
    def test_every_match_is_found_by_a_clue(self, name, other):
        clues = find_clues(name)
        if is_fuzzy_match(name, other) and max_typos(name) == 1:
            low, high = clues.lengths
            found = low <= len(other) <= high and any(part in other for part in clues.parts)
            self.assertTrue(found or other in clues.names)
