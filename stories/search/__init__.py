"""The search for words in stories. Triggers keep the index, the table newsdesk_search, in the writer's own transaction.

A story is found by all of some words or "phrases" of its headline, body, byline or sources, and by none after a minus,
whatever their case and accents; of the last word, its beginning is enough. `matching` narrows any stories, for the
admin. What readers find, ranked, is in hits.py. What a word is, for whoever compares texts too, says `split_words`.
"""

from django.db import connections

from stories.text.words import split_words

from .backends import of
from .filters import SearchFilters
from .highlight import marked, snippet
from .query import Query
from .results import MOST, Hits
from .suggestions import suggest

__all__ = ["MOST", "Hits", "Query", "SearchFilters", "marked", "matching", "snippet", "split_words", "suggest"]


# Up to here all that is found is looked up and sorted; beyond, the list is walked in its order until a page is full.
FEW = 5_000


def matching(queryset, text: str):
    """Those of these stories that the text finds; none when there is no word in it. Never fails. One query, to see
    whether they are few.
    """
    query = Query.of(text)
    if not query.wanted:
        return queryset.none()
    connection = connections[queryset.db]
    vendor = of(connection)
    with connection.cursor() as cursor:
        # Here a plan for all words will do: it ends when there are enough.
        cursor.execute(f"{vendor.FOUND} LIMIT 1 OFFSET %s", [vendor.expression(query), FEW])
        are_few = cursor.fetchone() is None
    return vendor.matching(queryset, query, are_few=are_few)
