"""The page that Newsdesk re-creates: what the bulletin's page said, ours says, in its order and exactly as written."""

import re
import tempfile
from io import StringIO
from pathlib import Path
from unittest import skipUnless

from django.core.management import call_command
from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser

SEED = Path(__file__).resolve().parents[2] / "shared" / "seed" / "tag-russia-page-1.txt"
PAGE = """Displaying items by tag: Harbours

‘It’s back,’ said the harbour-master of Saltmere - "at last". The ferry sails at 7.30 & 16.45. See

Published in British Isles

A second story, of two paragraphs; this is the first.

And this is its last.

Published in Europe
Page 1 of 1
"""


def split_words(html: str) -> str:
    return re.sub(r"\s+", " ", LexborHTMLParser(html).css_first("main").text())


class BulletinTest(TestCase):
    def assert_page_says(self, address, page: str):
        """Line by line, but for the "See" whose links the copy lost."""
        rest = split_words(self.client.get(address).content.decode())
        for line in filter(None, map(str.strip, page.splitlines())):
            line = line.removesuffix(" See")
            self.assertIn(line, rest)
            rest = rest.split(line, 1)[1]

    def test_a_page_copied_as_text_comes_back_word_for_word(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            file.write(PAGE)
            file.flush()
            call_command("importstories", file.name, newest="2024-06-20", stdout=StringIO())
        self.assert_page_says("/tags/harbours/", PAGE)

    @skipUnless(SEED.exists(), "the bulletin's own page is not here")
    def test_the_bulletins_own_page_comes_back_word_for_word(self):
        call_command("importstories", str(SEED), newest="2024-06-20", stdout=StringIO())
        self.assert_page_says("/tags/russia/", SEED.read_text(encoding="utf-8").rsplit("\n", 1)[0])
