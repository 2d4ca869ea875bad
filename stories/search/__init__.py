"""The search for words in stories. The databases keep the index by themselves, in the writer's own transaction: on
PostgreSQL a generated column, on SQLite a table that triggers write.

A story is found by all of some words or "phrases" of its headline, body, byline or sources, and by none after a minus,
whatever their case and accents; of the last word, its beginning is enough. `matching` narrows any stories, for the
admin. What readers find, ranked, is in hits.py. What a word is, for whoever compares texts too, says `words_of`.
"""

from django.db import connections

from .hits import MOST, Hits
from .limits import Limits
from .query import Query
from .snippets import marked, snippet
from .suggestions import meant
from .vendors import of
from .words import words_of

__all__ = ["MOST", "Hits", "Limits", "Query", "marked", "matching", "meant", "snippet", "words_of"]


def matching(queryset, text: str):
    """Those of these stories that the text finds; none when there is no word in it. Never fails."""
    query = Query.of(text)
    return of(connections[queryset.db]).matching(queryset, query) if query.wanted else queryset.none()
