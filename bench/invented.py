"""Synthetic stories as plain rows: words, dates, tags. inside/archive.py writes them into a database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

SYLLABLES = [
    consonant + vowel + end for consonant in "bdfghklmnprstvw" for vowel in "aeiou" for end in ("", "n", "r", "s")
]
YEARS = 20
TAGS, RARE_TAGS = 2_000, 48_000
TAGS_OF_A_STORY = 4
# The first tag is on a quarter of the stories; the second on a tenth, all of one moment. No story has both.
BIG_TAG, FULL_MONTH_TAG = "Harbour", "Flood"


@dataclass(frozen=True)
class Invented:
    """A story; `tags` are indexes in make_tag_names(), `region` is an index of the four regions."""

    number: int
    headline: str
    slug: str
    body: str
    region: int
    moment: datetime
    tags: list[int]


def make_tag_names() -> list[str]:
    chance = Random(1)
    names = dict.fromkeys([BIG_TAG, FULL_MONTH_TAG])
    while len(names) < TAGS + RARE_TAGS:
        names[_word(chance, 3).capitalize() + _word(chance, 1)] = None
    return list(names)


def make_stories(size: int, now: datetime) -> Iterator[Invented]:
    """Yield `size` stories, oldest first, the newest dated now. Except for the dates they are always the same."""
    chance = Random(size)
    words = [_word(chance, chance.choice([1, 2, 2, 3])) for _ in range(4_000)]
    sentences = [_sentence(chance, words) for _ in range(10_000)]
    start = now - timedelta(days=365.25 * YEARS)
    full_moment = datetime(start.year + YEARS // 4, 3, 15, 12, tzinfo=UTC)
    for number in range(1, size + 1):
        special = _special_tags(number)
        yield Invented(
            number=number,
            headline=" ".join(chance.choices(words, k=6)).capitalize(),
            slug=f"{'-'.join(chance.choices(words, k=3))}-{number}",
            body=f"<p>{' '.join(chance.choices(sentences, k=8))}</p>",
            region=int(4 * chance.random()),
            moment=full_moment if 1 in special else (start + (now - start) * (number / size)).replace(microsecond=0),
            tags=_with_others(special, chance),
        )


def _special_tags(number: int) -> list[int]:
    if number % 4 == 1:
        return [0]
    return [1] if number % 10 == 0 else []


def _with_others(special: list[int], chance: Random) -> list[int]:
    """Add random tags, with few tags on many stories as in any newsroom. Every tenth story also gets a rare tag."""
    tags = dict.fromkeys(special)
    while len(tags) < TAGS_OF_A_STORY:
        tags[2 + int((TAGS - 2) * chance.random() ** 2)] = None
    if chance.random() < 0.1:
        tags[TAGS + int(RARE_TAGS * chance.random())] = None
    return list(tags)


def _word(chance: Random, syllables: int) -> str:
    return "".join(chance.choices(SYLLABLES, k=syllables))


def _sentence(chance: Random, words: list[str]) -> str:
    return f"{' '.join(chance.choices(words, k=chance.randint(10, 18)))}.".capitalize()
