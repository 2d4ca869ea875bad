"""Which two names are probably meant to be one: a slip of a letter or two, or the same words in another order.

Works on normal forms, see naming.py, and knows no model. Names of four characters or fewer have no twins: too many of
them are a letter apart and mean something else, as do names whose digits differ.
"""

from dataclasses import dataclass
from itertools import pairwise

SHORTEST = 5
# From this length on, two slips are allowed.
LONG = 10


@dataclass(frozen=True)
class Clues:
    """What a database can look for: a twin has one of the parts and about this length, or is one of the names, or has all the words."""

    parts: list[str]
    lengths: tuple[int, int]
    names: list[str]
    words: list[str]


def find_clues(normal: str) -> Clues | None:
    """Of n slips, one of n + 1 parts is left whole; but two letters changing places across a border spoil two."""
    slips = slips_allowed(normal)
    if not slips:
        return None
    borders = [len(normal) * number // (slips + 1) for number in range(slips + 2)]
    parts = [normal[start:end] for start, end in pairwise(borders)]
    swapped = [normal[: at - 1] + normal[at] + normal[at - 1] + normal[at + 1 :] for at in borders[1:-1]]
    words = normal.split() if " " in normal else []
    return Clues(parts, (len(normal) - slips, len(normal) + slips), swapped, words)


def is_fuzzy_match(one: str, other: str) -> bool:
    if one == other or digits(one) != digits(other):
        return False
    if sorted(one.split()) == sorted(other.split()):
        return True
    return distance(one, other) <= min(slips_allowed(one), slips_allowed(other))


def slips_allowed(normal: str) -> int:
    return (len(normal) >= SHORTEST) + (len(normal) >= LONG)


def digits(text: str) -> list[str]:
    return [character for character in text if character.isdigit()]


def distance(one: str, other: str) -> int:
    """Letters to put in, take out, change or swap with the next: the optimal string alignment distance."""
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
