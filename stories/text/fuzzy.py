"""Fuzzy name matching: likely typos and reordered words.

Names are compared in their normal form, see normalize.py. Names of four characters or fewer have no fuzzy match: too
many of them differ by one letter and mean something else. So do names whose digits differ.
"""

from dataclasses import dataclass
from itertools import pairwise

MIN_FUZZY_CHARS = 5
# From this length, two typos are allowed.
MIN_CHARS_FOR_TWO_TYPOS = 10


@dataclass(frozen=True)
class Clues:
    """Conditions by which a database finds candidates for a fuzzy match.

    A candidate contains one of the `parts` and has a length between `lengths`, or equals one of the `names`, or
    contains all the `words`.
    """

    parts: list[str]
    lengths: tuple[int, int]
    names: list[str]
    words: list[str]


def find_clues(normal: str) -> Clues | None:
    """Return the conditions for fuzzy matches of a normal form; None when it is too short to have any.

    Of n + 1 parts, n typos leave one unchanged. Two letters swapped across a border spoil two parts, so such names
    are listed.
    """
    typos = max_typos(normal)
    if not typos:
        return None
    borders = [len(normal) * number // (typos + 1) for number in range(typos + 2)]
    parts = [normal[start:end] for start, end in pairwise(borders)]
    swapped = [normal[: at - 1] + normal[at] + normal[at - 1] + normal[at + 1 :] for at in borders[1:-1]]
    words = normal.split() if " " in normal else []
    return Clues(parts, (len(normal) - typos, len(normal) + typos), swapped, words)


def is_fuzzy_match(one: str, other: str) -> bool:
    """Tell whether two different normal forms are probably meant to be the same name."""
    if one == other or digits(one) != digits(other):
        return False
    if sorted(one.split()) == sorted(other.split()):
        return True
    return distance(one, other) <= min(max_typos(one), max_typos(other))


def max_typos(normal: str) -> int:
    return (len(normal) >= MIN_FUZZY_CHARS) + (len(normal) >= MIN_CHARS_FOR_TWO_TYPOS)


def digits(text: str) -> list[str]:
    return [character for character in text if character.isdigit()]


def distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance: letters inserted, deleted, replaced or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
