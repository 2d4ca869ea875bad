import unittest

from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from stories.models import Story
from stories.models.body import BodyField
from stories.text.html import check_size, sanitise
from tests.cast import story


class SanitiseTest(TestCase):
    def test_what_the_toolbar_offers_stays(self):
        body = '<p>One <strong>two</strong> <em>three</em> <a href="https://example.org/">four</a></p><ul><li><p>five</p></li></ul>'
        self.assertEqual(sanitise(body), body)

    def test_scripts_handlers_and_styles_go(self):
        for hostile in (
            "<p>x<script>alert(1)</script></p>",
            '<p onclick="alert(1)">x</p>',
            '<p style="position:fixed">x</p>',
            '<p>x<a href="javascript:alert(1)"></a></p>',
            "<p>x<iframe src=https://example.org></iframe></p>",
        ):
            clean = sanitise(hostile)
            self.assertNotRegex(clean, r"script|onclick|style|iframe", hostile)
            self.assertIn("x", clean)

    def test_bold_and_italic_become_what_they_mean(self):
        self.assertEqual(sanitise("<p><b>a</b><I>b</I></p>"), "<p><strong>a</strong><em>b</em></p>")

    def test_two_blocks_do_not_run_together(self):
        self.assertEqual(sanitise("<div>one</div><div>two</div><h2>three</h2>"), "<p>one</p><p>two</p><p>three</p>")

    def test_empty_paragraphs_go_and_bare_text_gets_one(self):
        self.assertEqual(sanitise("<p></p><p><br></p>"), "")
        self.assertEqual(sanitise("a < b"), "<p>a &lt; b</p>")

    def test_no_way_into_the_database_goes_round_it(self):
        hostile = "<p>x<script>alert(1)</script></p>"
        saved = story(body=hostile)
        self.assertEqual(saved.body, "<p>x</p>")
        Story.objects.update(body=hostile)
        saved.refresh_from_db()
        self.assertEqual(saved.body, "<p>x</p>")
        made = Story.objects.bulk_create([Story(headline="B", slug="b", body=hostile, region=saved.region)])
        self.assertEqual(Story.objects.get(pk=made[0].pk).body, "<p>x</p>")

    def test_control_characters_become_what_browsers_show(self):
        self.assertEqual(sanitise("<p>a\x7fb\x80\x85\x9f\x81c\x01</p>"), "<p>ab€…Ÿc</p>")


class FieldTest(TestCase):
    def test_the_form_knows_how_long_a_body_may_be(self):
        field = BodyField("Text", blank=True)
        self.assertEqual((field.verbose_name, field.formfield().widget.attrs["data-longest"]), ("Text", 100_000))
        self.assertEqual(field.clean('<p onclick="x">a</p>', None), "<p>a</p>")
        self.assertEqual(field.sanitize, sanitise)
        self.assertEqual(BodyField(sanitize=str.upper).sanitize, str.upper)

    def test_a_body_of_which_nothing_is_left_is_refused(self):
        for body in ("<p></p>", "<script>x</script>", "<p>\x01</p>"):
            with self.assertRaises(ValidationError):
                BodyField().clean(body, None)

    def test_a_body_may_be_computed_by_the_database(self):
        one = story("Ferry")
        Story.objects.update(body=F("headline"))
        one.refresh_from_db()
        self.assertEqual(one.body, "Ferry")


class SizeTest(SimpleTestCase):
    def test_what_only_seems_to_end_is_counted_as_open(self):
        for unit in (
            *("<em>", "<em><!--</em>-->", '<em a="</em>">', '<em a=">" b="</em>">', "<em a=</em>", "<em\xa0a='</em>'>"),
            *("<em><!-\x01-</em>-->", "<em><? </em>", "<em><table></em></table>", "<em><button></em></button>"),
            *("<em><textarea></em></textarea>", "<script><!--<script></script><em></em>", "<svg><title><g>"),
            *("<em><select></em></select>", "<li><dd>"),
        ):
            with self.subTest(unit), self.assertRaises(ValidationError):
                check_size(unit * 200)

    def test_what_every_paragraph_would_repeat_is_refused(self):
        with self.assertRaisesMessage(ValidationError, "too much markup"):
            check_size("".join(f"<em id={number}>" for number in range(99)) + "<p>x" * 20_000)

    def test_a_long_story_with_comments_tables_and_scripts_is_none_too_deep(self):
        link = '<p title="a > b"><!-- <em> --><b>a</b> <a href="https://example.org/?a=b">c</a><br>d &lt; e'
        rest = "<script>x('<em>')</script><style>p > a {}</style><table><tr><td><i>x</i></table><ul><li>y</ul>"
        check_size((link + rest) * 400)


FRAGMENTS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<br>",
    "<li>",
    "<ul>",
    " ",
    "x",
    "&nbsp;",
    "&lt;",
    "<a href=x>",
    "\r",
]


class IdempotenceTest(unittest.TestCase):
    @given(st.text() | st.lists(st.sampled_from(FRAGMENTS)).map("".join))
    def test_cleaning_twice_changes_nothing(self, html):
        self.assertEqual(sanitise(sanitise(html)), sanitise(html))
