"""How long a body is, in words and minutes; static/admin/reading-time.js says the same while one types."""

import math

from stories.text.plain_text import plain

WORDS_A_MINUTE = 230


def reading_time(body: str) -> str:
    """ "460 words, about 2 minutes to read."; a word is what stands between spaces and has a letter or a digit."""
    words = sum(any(map(str.isalnum, word)) for word in plain(body).split())
    minutes = math.ceil(words / WORDS_A_MINUTE)
    if not words:
        return "No words yet."
    return f"{words:,} word{'s' * (words > 1)}, about {minutes} minute{'s' * (minutes > 1)} to read."
