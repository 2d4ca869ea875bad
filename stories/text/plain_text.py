"""A body without its markup, for whoever reads, counts, compares or searches its words.

Which elements stand within a word, the indexes of the search decide alike, see stories/triggers/.
"""

import html
import re

# A tag ends before the next begins: looking on from each of a hundred thousand "<" would take seconds.
_WITHIN_A_WORD = re.compile(r"</?(?:a|em|strong)(?:\s[^<>]*)?>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>(?:\s*<(?:p|ul|ol|blockquote)\b[^<>]*>)*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def plain(body: str) -> str:
    """Its paragraphs as lines, items with a bullet."""
    text = _TAG.sub("\n", _ITEM.sub("\n• ", _WITHIN_A_WORD.sub("", body)))
    lines = html.unescape(text).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def in_one_line(body: str) -> str:
    return " ".join(plain(body).split())
