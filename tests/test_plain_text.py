"""A body's words, without its markup."""

from unittest import TestCase

from stories.text.plain_text import in_one_line, plain


class PlainTextTest(TestCase):
    def test_paragraphs_are_lines_and_items_have_a_bullet(self):
        body = "<p>Ships &amp; ferries<br>sail.</p><ul><li><p>Oban</p></li><li>Mallaig</li></ul><blockquote><p>So.</p></blockquote>"
        self.assertEqual(plain(body), "Ships & ferries\nsail.\n• Oban\n• Mallaig\nSo.")

    def test_marks_and_links_do_not_part_a_word(self):
        self.assertEqual(plain('<p><strong>F</strong>erry <em>re</em><a href="/x">turns</a></p>'), "Ferry returns")

    def test_a_list_or_quote_within_an_item_parts_words(self):
        body = "<ul><li>Oban<ul><li><p>Mull</p></li></ul></li><li>Skye<blockquote><p>Slow</p></blockquote></li></ul>"
        self.assertEqual(plain(body), "• Oban\n• Mull\n• Skye\nSlow")

    def test_a_text_of_beginnings_is_read_at_once(self):
        self.assertEqual(in_one_line("<li " * 100_000), ("<li " * 100_000).strip())
