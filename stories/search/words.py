"""What counts as a word in what was typed."""

import re

LONGEST, MOST = 200, 20
# The beginning of a word is looked for from here on; a shorter one would be that of most stories.
SHORTEST_BEGINNING = 3


def words_of(text: str) -> list[str]:
    """Runs of letters and digits: nothing that a query language could take for its own. What is beyond the limits is cut."""
    return re.findall(r"[^\W_]+", text[:LONGEST])[:MOST]


def is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING
