"""What makes two names the same, and what a name looks like in an address. Knows no model."""

import re
import unicodedata

from django.utils.text import slugify

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
FIRST_ACCENT, LAST_ACCENT = "\u0300", "\u036f"


def tidy(name: str) -> str:
    """The name as it is shown: composed (NFC), no control characters, one space between words."""
    if not name.isprintable():
        name = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in name)
    return " ".join(unicodedata.normalize("NFC", name).split())


def printable(text: str) -> str:
    """The text as it is, if a line can hold it: what was exported must come back the same to the letter."""
    return tidy(text) if _CONTROL.search(text) else text


def normal_form(name: str) -> str:
    """What two spellings of one name share: compatibility forms, case, accents and spaces made equal.

    Accents are dropped from Latin and Greek letters only: the breve of a Cyrillic й, or the vowel signs of
    Hindi, make another letter. Invisible format characters (category Cf) go too. Applying it twice changes nothing.
    """
    if name.isascii():
        return tidy(name.lower())
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept, base = [], " "
    for character in unicodedata.normalize("NFD", folded):
        if FIRST_ACCENT <= character <= LAST_ACCENT:
            if unicodedata.name(base, "").startswith(("LATIN", "GREEK")):
                continue
        elif unicodedata.category(character) == "Cf":
            continue
        else:
            base = character
        kept.append(character)
    settled = tidy(unicodedata.normalize("NFKC", "".join(kept)))
    return settled if settled == name else normal_form(settled)


def is_acronym(name: str) -> bool:
    """Whether it is told from a word by its capitals alone, as US is from us."""
    return name.isupper() and len(name) <= 4


def extract_phrases(text: str) -> dict[str, set[str]]:
    """{normal form: spellings} of all runs of up to five words in the text, of its first 2,000 words."""
    words = [word for word in (word.strip(".,;:!?…()[]{}<>«»„“”‚‘’\"'") for word in text.split()[:2_000]) if word]
    phrases: dict[str, set[str]] = {}
    for start in range(len(words)):
        for length in range(1, 6):
            phrase = " ".join(words[start : start + length])
            phrases.setdefault(normal_form(phrase), set()).add(phrase)
    phrases.pop("", None)
    return phrases


def slug_for(name: str, *, otherwise: str, length: int) -> str:
    """The name as it stands in an address, cut at a word; `otherwise` where no letter or digit is left.

    Other scripts keep their letters: "Россия" is a readable address, "tag-17" is not.
    """
    slug = slugify(normal_form(name), allow_unicode=True)
    if len(slug) > length:
        slug = slug[: length + 1].rpartition("-")[0] or slug[:length]
    return slug.strip("-_") or otherwise


def is_numbered(slug: str, base: str) -> bool:
    """Whether `slug` is `base`, or `base` with the number that told it from an equal one."""
    return re.fullmatch(rf"{re.escape(base)}(-\d+)?", slug) is not None


def first_free(base: str, taken: set[str]) -> str:
    """`base`, or base-2, base-3 ... : the first that is not taken."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
