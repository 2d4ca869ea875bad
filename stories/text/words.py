"""Words of a search query, and the folding that makes two spellings of a word equal."""

import re
import unicodedata

MAX_QUERY_CHARS, MAX_QUERY_WORDS = 200, 20
# A shorter beginning would match words of most stories.
MIN_PREFIX_CHARS = 3
WORD = re.compile(r"[^\W_]+")


def split_words(text: str) -> list[str]:
    """Return the runs of letters and digits. They contain no operator of a query language."""
    return WORD.findall(unicodedata.normalize("NFC", text))


def is_beginning(word: str) -> bool:
    """Tell whether a word is long enough to be searched for as a prefix."""
    return len(word) >= MIN_PREFIX_CHARS


def without_accents(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))


def folded(text: str) -> str:
    """Fold case and accents as the databases' search indexes do."""
    return text.lower() if text.isascii() else without_accents(text).lower()
