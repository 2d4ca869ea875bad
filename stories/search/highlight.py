"""Headlines and snippets with the words of a query marked. Everything else is escaped."""

import unicodedata

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stories.text.plain_text import in_one_line
from stories.text.words import WORD, folded

from .query import Query

MAX_SNIPPET_CHARS, CHARS_BEFORE_MATCH = 240, 60


def snippet(body: str, query: Query) -> SafeString:
    """Return the text around the first marked word, or else its beginning."""
    text = unicodedata.normalize("NFC", in_one_line(body))
    first = next((word.start() for word in WORD.finditer(text) if query.matches_word(folded(word[0]))), 0)
    start = text.rfind(" ", 0, max(0, first - CHARS_BEFORE_MATCH)) + 1 if first > CHARS_BEFORE_MATCH else 0
    end = len(text)
    if start + MAX_SNIPPET_CHARS < end:
        last_space = text.rfind(" ", start, start + MAX_SNIPPET_CHARS)
        end = max(last_space, start + CHARS_BEFORE_MATCH)
    dots = ("… " if start else "", " …" if end < len(text) else "")
    return format_html("{}{}{}", dots[0], mark_words(text[start:end], query), dots[1])


def mark_words(text: str, query: Query) -> SafeString:
    """Return the text as HTML with <mark> around the words of the query."""
    pieces, done = [], 0
    for word in WORD.finditer(text):
        if query.matches_word(folded(word[0])):
            pieces.append((text[done : word.start()], word[0]))
            done = word.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[done:])
