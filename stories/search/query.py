"""Parse the text of a search: words, "phrases", and -what to leave out. No text is an error."""

import re
from dataclasses import dataclass
from functools import cached_property

from stories.text.words import MAX_QUERY_CHARS, MAX_QUERY_WORDS, folded, is_beginning, split_words

PART = re.compile(r'(?<!\S)(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Query:
    """Phrases that a story must have and those that it must not have; a phrase is one word or several in a row.

    Text without a space is one phrase: example.org matches "example" followed by "org". If the query `is_open`, the
    last wanted word may be the beginning of a word.
    """

    wanted: tuple[tuple[str, ...], ...]
    unwanted: tuple[tuple[str, ...], ...]
    is_open: bool

    @classmethod
    def parse(cls, text: str) -> "Query":
        """Return the query of a text, of which at most 200 characters and 20 words are read."""
        wanted, unwanted, is_open, words_left = [], [], False, MAX_QUERY_WORDS
        for minus, quoted, plain in PART.findall(text[:MAX_QUERY_CHARS]):
            words = tuple(split_words(quoted or plain)[:words_left])
            words_left -= len(words)
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
        """The wanted phrases without case and accents."""
        return [[folded(word) for word in phrase] for phrase in self.wanted]

    def matches_word(self, word: str) -> bool:
        """Tell whether a folded word is one of those wanted."""
        if any(word in phrase for phrase in self.folded):
            return True
        return self.is_open and word.startswith(self.folded[-1][-1])

    def count_phrases_in(self, text: str) -> int:
        """Return the number of wanted phrases in a short text."""
        words = f" {' '.join(split_words(folded(text)))} "
        ends = [" "] * len(self.folded)
        if self.is_open:
            ends[-1] = ""
        return sum(f" {' '.join(phrase)}{end}" in words for phrase, end in zip(self.folded, ends, strict=True))
