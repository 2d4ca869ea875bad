"""What counts as a word in what was typed, and what makes two spellings of it one."""

import re
import unicodedata

LONGEST, MOST = 200, 20
# The beginning of a word is looked for from here on; a shorter one would be that of most stories.
SHORTEST_BEGINNING = 3
WORD = re.compile(r"[^\W_]+")


def split_words(text: str) -> list[str]:
    """Runs of letters and digits: nothing that a query language could take for its own."""
    return WORD.findall(unicodedata.normalize("NFC", text))


def is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING


def without_accents(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))


def folded(text: str) -> str:
    """As a headline is compared here; the databases fold what is in their indexes by themselves."""
    return text.lower() if text.isascii() else without_accents(text).lower()
