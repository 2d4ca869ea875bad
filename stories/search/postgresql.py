"""Search by the column `search`, see the last migration that made it: what it does to a text, `folded` does to a query."""

import re
import unicodedata

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from .words import is_beginning, words_of


def matching(queryset, text):
    """PostgreSQL knows how common a word is, and finds the way itself."""
    words = words_of(folded(text))
    if not words:
        return None
    *whole, last = (f"'{word}'" for word in words)
    query = " & ".join([*whole, f"{last}:*" if is_beginning(words[-1]) else last])
    return queryset.filter(
        RawSQL("stories_story.search @@ to_tsquery('simple', %s)", [query], output_field=BooleanField())
    )


def folded(text: str) -> str:
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))
