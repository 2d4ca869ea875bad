"""What changed between two texts, word by word, for people to read. Knows values of a story's content, and no story."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import Match, SequenceMatcher

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .plain_text import plain

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes time with the square of the words; beyond so many, whole lines are compared.
MOST_WORDS = 4_000
# One word said thousands of times is compared with each time it is said, over and over: this is half a second of that.
MOST_COMPARED = 5_000_000


@dataclass(frozen=True)
class Diff:
    """`parts` are (kind, text), kind being same, added or removed."""

    parts: list

    def __html__(self) -> SafeString:
        names = {"added": "ins", "removed": "del"}
        pieces = ((names.get(kind), text) for kind, text in self.parts)
        return format_html_join(
            "",
            "{}",
            ((format_html("<{0}>{1}</{0}>", name, text) if name else text,) for name, text in pieces),
        )

    __str__ = __html__


class BoundedSequenceMatcher(SequenceMatcher):
    """Takes all for different once it has compared enough."""

    left = MOST_COMPARED

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        self.left -= sum(len(self.b2j.get(word, ())) for word in self.a[alo:ahi])
        return super().find_longest_match(alo, ahi, blo, bhi) if self.left >= 0 else Match(alo, blo, 0)


def diff(old: str, new: str) -> Diff:
    """From the old text to the new one."""
    old_words, new_words = (_WORD.findall(text) for text in (old, new))
    if len(old_words) + len(new_words) > MOST_WORDS:
        old_words, new_words = old.splitlines(keepends=True), new.splitlines(keepends=True)
    parts = []
    for kind, start, end, new_start, new_end in BoundedSequenceMatcher(None, old_words, new_words, False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(old_words[start:end])))
            continue
        parts += [("removed", "".join(old_words[start:end])), ("added", "".join(new_words[new_start:new_end]))]
    return Diff([(kind, text) for kind, text in parts if text])


def field_text(name: str, value) -> str:
    """A field of a story's content as plain text, one line a paragraph, tag or source."""
    if name == "body":
        return plain(value)
    if name == "tags":
        return ", ".join(value)
    if name == "sources":
        return "\n".join(f"{label} ({url})" if label else url for url, label in value)
    if name == "published_at" and value:
        return date_format(timezone.localtime(datetime.fromisoformat(value)), "j M Y, H:i")
    return value
