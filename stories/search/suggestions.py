"""What was probably meant by a text that finds nothing: a tag with a similar name, or a word of the latest headlines."""

from collections import Counter

from stories.models import Story, Tag
from stories.text.fuzzy import find_clues, is_fuzzy_match
from stories.text.words import folded, split_words

from .query import Query

HEADLINES = 1_000
# Each is compared with thousands, which takes some fifty milliseconds, and anybody may ask.
MOST_CORRECTED = 4


def suggest(text: str) -> list[str]:
    """Up to four texts to search for instead, the likeliest first. Four queries at most."""
    query = Query.of(text)
    typed = " ".join(word for phrase in query.wanted for word in phrase)
    found = [tag.name for tag in Tag.objects.similar_to(typed)] if typed else []
    corrected = _corrected([word for phrase in query.folded for word in phrase])
    return list(dict.fromkeys([*found, *([corrected] if corrected else [])]))


def _corrected(words) -> str | None:
    """The words, each that no headline has by the commonest one like it; None when that changes nothing, or too many are unknown."""
    known = Counter()
    for headline in Story.objects.published().newest_first().values_list("headline", flat=True)[:HEADLINES]:
        known.update(split_words(folded(headline)))
    if len({word for word in words if word not in known}) > MOST_CORRECTED:
        return None
    better = [word if word in known else _like(word, known) or word for word in words]
    return " ".join(better) if better != words else None


def _like(word, known):
    sought = find_clues(word)
    if sought is None:
        return None
    # Only those that share a part: the comparison takes its time.
    shared = (other for other in known if other in sought.names or any(part in other for part in sought.parts))
    alike = (other for other in shared if is_fuzzy_match(word, other))
    return max(alike, key=lambda other: (known[other], other), default=None)
