"""Search by the FTS5 table newsdesk_search, see stories/triggers/sqlite_search.sql; its tokenizer folds case and accents."""

import unicodedata

from django.db import connections
from django.db.models import F
from django.db.models.expressions import RawSQL

from .words import is_beginning, words_of

FOUND = "SELECT rowid FROM newsdesk_search WHERE newsdesk_search MATCH %s"
# Up to here all that is found is looked up and sorted; beyond, the list is walked in its order until a page is full.
FEW = 5_000


def matching(queryset, text):
    words = words_of(unicodedata.normalize("NFC", text))
    if not words:
        return None
    query = " ".join(f'"{word}"' for word in words) + ("*" if is_beginning(words[-1]) else "")
    found = RawSQL(FOUND, [query])  # noqa: S611 (a parameter, and made of words only)
    if _are_few(queryset.db, query):
        return queryset.filter(pk__in=found)
    # An expression in place of the key keeps SQLite from looking up all that is found.
    return queryset.alias(found_key=F("pk") + 0).filter(found_key__in=found)


def _are_few(using, query):
    with connections[using].cursor() as cursor:
        cursor.execute(f"{FOUND} LIMIT 1 OFFSET %s", [query, FEW])
        return cursor.fetchone() is None
