"""The search for words in stories. The databases keep the index by themselves, in the writer's own transaction: on
PostgreSQL a generated column, on SQLite a table that triggers write.

A story is found by all of some words of its headline, body or byline, whatever their case and accents; of the last
word, its beginning is enough. Nothing is ranked: results keep the order that they are asked for in.
"""

from django.db import connections

from . import postgresql, sqlite

VENDORS = {"postgresql": postgresql, "sqlite": sqlite}


def matching(queryset, text: str):
    """Those of these stories that have the words of the text; none when there is no word in it. Never fails."""
    found = VENDORS[connections[queryset.db].vendor].matching(queryset, text)
    return queryset.none() if found is None else found
