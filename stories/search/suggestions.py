"""Suggestions for a search without results: tags with similar names, and words of the latest headlines."""

from collections import Counter

from stories.models import Story, Tag
from stories.text.fuzzy import find_clues, is_fuzzy_match
from stories.text.words import folded, split_words

from .query import Query

MAX_HEADLINES = 1_000
# Each unknown word is compared with thousands of others, which takes some 50 ms, and anybody may search.
MAX_UNKNOWN_WORDS = 4


def suggest(text: str) -> list[str]:
    """Return up to four texts to search for instead, the likeliest first. Four queries at most."""
    query = Query.parse(text)
    words = " ".join(word for phrase in query.wanted for word in phrase)
    suggestions = [tag.name for tag in Tag.objects.similar_to(words)] if words else []
    if corrected := _correct([word for phrase in query.folded for word in phrase]):
        suggestions.append(corrected)
    return list(dict.fromkeys(suggestions))


def _correct(words: list[str]) -> str | None:
    """Return the words, with unknown ones replaced by similar words of the latest headlines. One query.

    The most frequent similar word wins. None if that changes nothing, or if too many words are unknown.
    """
    known: Counter[str] = Counter()
    for headline in Story.objects.published().newest_first().values_list("headline", flat=True)[:MAX_HEADLINES]:
        known.update(split_words(folded(headline)))
    if len({word for word in words if word not in known}) > MAX_UNKNOWN_WORDS:
        return None
    corrected = [word if word in known else _find_similar(word, known) or word for word in words]
    return " ".join(corrected) if corrected != words else None


def _find_similar(word: str, known: Counter[str]) -> str | None:
    clues = find_clues(word)
    if clues is None:
        return None
    # Comparing is slow, so only words that share a part are compared.
    candidates = (other for other in known if other in clues.names or any(part in other for part in clues.parts))
    similar = (other for other in candidates if is_fuzzy_match(word, other))
    return max(similar, key=lambda other: (known[other], other), default=None)
