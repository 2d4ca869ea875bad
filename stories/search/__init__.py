"""Full-text search of stories. Triggers keep the index true in the writer's own transaction, see index.py.

A story matches if it has all words and "phrases" of a text in its headline, body, byline or sources, and nothing that
follows a minus. Case and accents do not matter; the last word may be the beginning of one.

`filter_stories` is for the admin. SearchResults is for readers: ranked, and only stories that they can see.
"""

from django.db import connections
from django.db.models import QuerySet

from stories.models import Story
from stories.text.words import split_words

from .backends import get_backend
from .filters import SearchFilters
from .highlight import mark_words, snippet
from .query import Query
from .results import MAX_HITS, SearchResults
from .suggestions import suggest

__all__ = [
    "MAX_HITS",
    "Query",
    "SearchFilters",
    "SearchResults",
    "filter_stories",
    "mark_words",
    "snippet",
    "split_words",
    "suggest",
]


# Up to so many matches are all looked up and then sorted. With more, stories are read in the list's order until a page
# is full.
MAX_MATCHES_TO_SORT = 5_000


def filter_stories(queryset: QuerySet[Story], text: str) -> QuerySet[Story]:
    """Return the stories that match the text; none if it has no word. Never fails. One query, to count matches."""
    query = Query.parse(text)
    if not query.wanted:
        return queryset.none()
    connection = connections[queryset.db]
    backend = get_backend(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"{backend.MATCHES} LIMIT 1 OFFSET %s", [backend.to_expression(query), MAX_MATCHES_TO_SORT])
        are_few = cursor.fetchone() is None
    return backend.filter_stories(queryset, query, are_few=are_few)
