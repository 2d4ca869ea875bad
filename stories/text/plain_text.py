"""Plain text of a body's HTML: for reading, counting, comparing and searching words.

The search index of each database must agree on which elements stand within a word, see stories/search/triggers/.
"""

import html
import re

# A tag can't contain "<". Looking further from each of 100,000 "<" would take seconds.
_WITHIN_A_WORD = re.compile(r"</?(?:a|em|strong)(?:\s[^<>]*)?>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>(?:\s*<(?:p|ul|ol|blockquote)\b[^<>]*>)*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def plain(body: str) -> str:
    """Return the text with a line for each paragraph, and a bullet before each list item."""
    text = _TAG.sub("\n", _ITEM.sub("\n• ", _WITHIN_A_WORD.sub("", body)))
    lines = html.unescape(text).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def in_one_line(body: str) -> str:
    return " ".join(plain(body).split())
