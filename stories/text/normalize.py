"""Normal forms: the rules by which two names are the same."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Combining diacritical marks. Those of other scripts make another letter.
_FIRST_ACCENT, _LAST_ACCENT = "\u0300", "\u036f"
_SCRIPTS_WITH_ACCENTS = ("LATIN", "GREEK")
_PUNCTUATION = ".,;:!?…()[]{}<>«»„“”‚‘’\"'"
MAX_ACRONYM_CHARS = 4
MAX_PHRASE_WORDS, MAX_TEXT_WORDS = 5, 2_000


def tidy(name: str) -> str:
    """Return the name as it is shown: composed (NFC), no control characters, one space between words."""
    if not name.isprintable():
        name = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in name)
    return " ".join(unicodedata.normalize("NFC", name).split())


def printable(text: str) -> str:
    """Tidy a text that a line can't hold; return any other unchanged, so that exports are exact."""
    return tidy(text) if _CONTROL.search(text) else text


def normal_form(name: str) -> str:
    """Return the form that all spellings of a name share: equal compatibility forms, case, accents and spaces.

    Accents are dropped from Latin and Greek letters only: the breve of a Cyrillic й, or the vowel signs of Hindi,
    make another letter. Invisible format characters (category Cf) are dropped too. The function is idempotent.
    """
    if name.isascii():
        return tidy(name.lower())
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept, base = [], " "
    for character in unicodedata.normalize("NFD", folded):
        if _FIRST_ACCENT <= character <= _LAST_ACCENT:
            if unicodedata.name(base, "").startswith(_SCRIPTS_WITH_ACCENTS):
                continue
        elif unicodedata.category(character) == "Cf":
            continue
        else:
            base = character
        kept.append(character)
    settled = tidy(unicodedata.normalize("NFKC", "".join(kept)))
    return settled if settled == name else normal_form(settled)


def is_acronym(name: str) -> bool:
    """Tell whether only its capitals make a name differ from a word, as US differs from us."""
    return name.isupper() and len(name) <= MAX_ACRONYM_CHARS


def extract_phrases(text: str) -> dict[str, set[str]]:
    """Return {normal form: spellings} of every run of up to five words among the text's first 2,000."""
    words = [word for word in (word.strip(_PUNCTUATION) for word in text.split()[:MAX_TEXT_WORDS]) if word]
    phrases: dict[str, set[str]] = {}
    for start in range(len(words)):
        for length in range(1, MAX_PHRASE_WORDS + 1):
            phrase = " ".join(words[start : start + length])
            phrases.setdefault(normal_form(phrase), set()).add(phrase)
    phrases.pop("", None)
    return phrases
