"""A story's headline and a piece of its text with the words that were looked for marked. All else is escaped."""

import unicodedata

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stories.text.plain_text import in_one_line
from stories.text.words import WORD, folded

from .query import Query

BEFORE, LONGEST = 60, 240


def snippet(body: str, query: Query) -> SafeString:
    """The piece round the first word that is marked, else the beginning."""
    text = unicodedata.normalize("NFC", in_one_line(body))
    first = next((word.start() for word in WORD.finditer(text) if query.marks(folded(word[0]))), 0)
    start = text.rfind(" ", 0, max(0, first - BEFORE)) + 1 if first > BEFORE else 0
    end = len(text) if start + LONGEST >= len(text) else max(text.rfind(" ", start, start + LONGEST), start + BEFORE)
    return format_html("{}{}{}", "… " if start else "", marked(text[start:end], query), " …" if end < len(text) else "")


def marked(text: str, query: Query) -> SafeString:
    pieces, done = [], 0
    for word in WORD.finditer(text):
        if query.marks(folded(word[0])):
            pieces += [(text[done : word.start()], word[0])]
            done = word.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[done:])
