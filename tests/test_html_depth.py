"""Depth of HTML without a parser, and the size of a body."""

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from stories.text.html import MAX_BODY_CHARS, check_size, sanitise_typed
from stories.text.html_depth import max_depth, worst_case_depth


class MaxDepthTest(SimpleTestCase):
    def test_open_elements_are_counted(self):
        for html, depth in (
            ("", 0), ("text", 0), ("<b>x</b>", 1), ("<b><i>x</i></b>", 2), ("<b>x</b><i>y</i>", 1), ("<b><i><u>", 3),
            ("<B><I></b></i><u>", 2), ("<b><b></b></b><b><b>", 2), ("<div><div></div><div></div></div>", 2), ("</b></b><b>", 1), ("<b></i><u>", 2),
        ):  # fmt: skip
            with self.subTest(html):
                self.assertEqual(max_depth(html), depth)

    def test_void_elements_and_those_that_end_with_the_next_are_not(self):
        self.assertEqual(max_depth("<p><br><img src=x><li><td></P>"), 0)
        self.assertEqual(max_depth("<ul><li><ul><li></ul></ul>"), 2)


class WorstCaseTest(SimpleTestCase):
    def assert_depths(self, *pairs):
        for html, depth in pairs:
            with self.subTest(html):
                self.assertEqual(worst_case_depth(html, 100), depth)

    def test_only_what_a_browser_closes_is_closed(self):
        self.assert_depths(
            ("", 0), ("<em></em><em></em>", 1), ("<em><b></em><i>", 2), ("<EM></em><b>", 1), ("<em><b></b></em><i><u>", 2),
            ("<div><table></div><b>", 3), ("<div><table></table></div><b>", 2), ("<table></table><b>", 1),
            ("<em></b><i>", 2), ("<dd><dt>", 2), ("<p><br><p>", 0), ("<em><em></em><b>", 2),
        )  # fmt: skip

    def test_tags_in_comments_attributes_and_scripts_are_no_tags(self):
        self.assert_depths(
            ("<!-- <b><i> --><u>", 1), ('<b title="<i>"><u>', 2), ("<script><b><i></script><u>", 1), ("<!b><?i></ u><b>", 1)
        )  # fmt: skip

    def test_within_foreign_elements_every_opening_tag_counts(self):
        self.assert_depths(
            ("<b><svg></svg><i></i>", 3), ("<select><b></b><b></b>", 3), ("<i><u></u></i><math><b>", 2),
            ("<b><script><!--<script></script><i></i>", 4),
        )  # fmt: skip

    def test_counting_stops_beyond_the_limit(self):
        self.assertEqual(worst_case_depth("<b>" * 50, 10), 11)
        self.assertEqual(worst_case_depth("<b>" * 10, 10), 10)


class SizeTest(SimpleTestCase):
    def test_each_limit_is_allowed_and_one_more_is_not(self):
        for allowed, refused in (
            ("x" * MAX_BODY_CHARS, "x" * (MAX_BODY_CHARS + 1)),
            ("<em>" * 100, "<em>" * 101),
            ("<em>" * 100 + "<br>" * 1_900, "<em>" * 100 + "<br>" * 1_901),
        ):
            check_size(allowed)
            with self.assertRaises(ValidationError):
                check_size(refused)

    def test_the_error_says_the_limit(self):
        for html, message in (
            ("x" * 100_001, "The text has 100,001 characters with its markup. Shorten it to 100,000 or fewer."),
            ("<em>" * 101, "The text is nested more than 100 levels deep. Remove some formatting."),
            ("<em>" * 99 + "<br>" * 2_000, "The text has too much markup. Remove some formatting."),
        ):
            with self.assertRaises(ValidationError) as caught:
                check_size(html)
            self.assertEqual(caught.exception.messages, [message])

    def test_control_characters_hide_no_depth(self):
        with self.assertRaises(ValidationError):
            check_size("<e\x00m>" * 101)
        check_size("<em></e\x00m>" * 101)

    def test_typed_text_that_is_too_large_becomes_its_error(self):
        self.assertEqual(sanitise_typed("<p>Ferry</p>"), "<p>Ferry</p>")
        self.assertIn("Shorten it to 100,000 or fewer.", sanitise_typed("x" * 100_001))
