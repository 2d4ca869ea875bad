"""Reading time of a body. static/admin/reading-time.js calculates the same while the user types."""

import math

from stories.text.plain_text import plain

WORDS_PER_MINUTE = 230


def reading_time(body: str) -> str:
    """Return a line such as "460 words, about 2 minutes to read.".

    A word is text between spaces that has at least one letter or digit.
    """
    words = sum(any(map(str.isalnum, word)) for word in plain(body).split())
    minutes = math.ceil(words / WORDS_PER_MINUTE)
    if not words:
        return "No words yet."
    return f"{words:,} word{'s' * (words > 1)}, about {minutes} minute{'s' * (minutes > 1)} to read."
