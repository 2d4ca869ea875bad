"""Word-by-word differences between two texts, and the text of a snapshot's values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import Match, SequenceMatcher
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stories.fields import Field, Kind

from .plain_text import plain

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
# The time to compare grows with the square of the words, so longer texts are compared line by line.
MAX_WORDS = 4_000
# A word that occurs thousands of times is compared with every occurrence. This many comparisons take half a second.
MAX_COMPARISONS = 5_000_000


@dataclass(frozen=True)
class Diff:
    """A text with its changes: `parts` are (kind, text), where kind is "same", "added" or "removed"."""

    parts: list[tuple[str, str]]

    def __html__(self) -> SafeString:
        names = {"added": "ins", "removed": "del"}
        pieces = ((names.get(kind), text) for kind, text in self.parts)
        return format_html_join(
            "",
            "{}",
            ((format_html("<{0}>{1}</{0}>", name, text) if name else text,) for name, text in pieces),
        )

    __str__ = __html__


class BoundedSequenceMatcher(SequenceMatcher[str]):
    """Matcher with a work limit; beyond it, everything counts as changed."""

    # Attributes of SequenceMatcher that its documentation leaves out.
    a: Sequence[str]
    b2j: dict[str, list[int]]
    left = MAX_COMPARISONS

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self.left -= sum(len(self.b2j.get(word, ())) for word in self.a[alo:ahi])
        return super().find_longest_match(alo, ahi, blo, bhi) if self.left >= 0 else Match(alo, blo, 0)


def diff(old: str, new: str) -> Diff:
    """Compare two texts word by word, or line by line when they are long."""
    old_words, new_words = (_WORD.findall(text) for text in (old, new))
    if len(old_words) + len(new_words) > MAX_WORDS:
        old_words, new_words = old.splitlines(keepends=True), new.splitlines(keepends=True)
    parts = []
    for kind, start, end, new_start, new_end in BoundedSequenceMatcher(None, old_words, new_words, False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(old_words[start:end])))
            continue
        parts += [("removed", "".join(old_words[start:end])), ("added", "".join(new_words[new_start:new_end]))]
    return Diff([(kind, text) for kind, text in parts if text])


def field_text(field: Field, value: Any) -> str:
    """Format a snapshot's value as plain text: a line for each paragraph or source."""
    match field.kind:
        case Kind.RICH_TEXT:
            return plain(value)
        case Kind.TAGS:
            return ", ".join(value)
        case Kind.SOURCES:
            return "\n".join(f"{label} ({url})" if label else url for url, label in value)
        case Kind.DATE if value:
            return date_format(timezone.localtime(datetime.fromisoformat(value)), "j M Y, H:i")
    return value
