"""What was typed into a search box, understood: words, "phrases", and -what is not wanted. Nothing typed is an error."""

import re
from dataclasses import dataclass
from functools import cached_property

from stories.text.words import MAX_QUERY_CHARS, MAX_QUERY_WORDS, folded, is_beginning, split_words

PART = re.compile(r'(?<!\S)(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Query:
    """Phrases, each the words that stand in a row; of the last wanted word, its beginning is enough if `is_open`.

    What is typed without a space is a phrase too: example.org is found where its words stand together.
    """

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...]
    is_open: bool

    @classmethod
    def of(cls, text: str) -> "Query":
        wanted, unwanted, is_open, left = [], [], False, MAX_QUERY_WORDS
        for minus, phrase, plain in PART.findall(text[:MAX_QUERY_CHARS]):
            words = tuple(split_words(phrase or plain)[:left])
            left -= len(words)
            if not words:
                continue
            if minus or plain.startswith("-"):
                unwanted.append(words)
                continue
            is_open = bool(plain) and is_beginning(words[-1])
            wanted.append(words)
        return cls(tuple(wanted), tuple(unwanted), is_open)

    @cached_property
    def folded(self) -> list[list[str]]:
        return [[folded(word) for word in phrase] for phrase in self.wanted]

    def marks(self, word: str) -> bool:
        """Whether this word of a text, folded, is one of those wanted."""
        if any(word in phrase for phrase in self.folded):
            return True
        return self.is_open and word.startswith(self.folded[-1][-1])

    def number_in(self, text: str) -> int:
        """How many of the wanted phrases stand in a short text."""
        words = f" {' '.join(split_words(folded(text)))} "
        ends = [" "] * len(self.folded)
        if self.is_open:
            ends[-1] = ""
        return sum(f" {' '.join(phrase)}{end}" in words for phrase, end in zip(self.folded, ends, strict=True))
