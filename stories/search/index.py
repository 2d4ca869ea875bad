"""The search index: its columns, the SQL that keeps it true, and its repair.

Migration 0003 creates the table newsdesk_search; the triggers in triggers/ write it.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max, Min

from stories.fields import Kind, columns
from stories.models import SiteVersion, Story

# The columns of a story that are searched, on both databases: those marked `in_search` in stories/fields.py. After a
# change, the next `migrate` installs new triggers and indexes every story again.
_SEARCHED = [field for field in columns() if field.in_search]
PLAIN_COLUMNS = tuple(field.name for field in _SEARCHED if field.kind is not Kind.RICH_TEXT)
# Only their text is searched, no markup.
HTML_COLUMNS = tuple(field.name for field in _SEARCHED if field.kind is Kind.RICH_TEXT)

TRIGGERS = Path(__file__).parent / "triggers"
KEYS_IN_A_BATCH = 5_000

EMPTY_SQLITE = "INSERT INTO newsdesk_search (newsdesk_search) VALUES ('delete-all')"
FILL_SQLITE = """
    INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id BETWEEN %s AND %s
"""
DELETE_ORPHANS = """
    DELETE FROM newsdesk_search WHERE NOT EXISTS (SELECT FROM stories_story WHERE id = story_id)
"""
# Writes only rows that differ.
FILL_POSTGRESQL = """
    INSERT INTO newsdesk_search AS known (story_id, live_at, region_id, search)
    SELECT id, live_at, region_id, newsdesk_story_words(id) FROM stories_story WHERE id BETWEEN %s AND %s
    ON CONFLICT (story_id) DO UPDATE
        SET live_at = excluded.live_at, region_id = excluded.region_id, search = excluded.search
        WHERE (known.live_at, known.region_id, known.search)
            IS DISTINCT FROM (excluded.live_at, excluded.region_id, excluded.search)
"""

KeyRanges = Iterable[tuple[int, int]]


def read_trigger_sql(vendor: str) -> str:
    """Return the SQL of the search triggers, with the indexed columns filled in."""
    names = (*PLAIN_COLUMNS, *HTML_COLUMNS)
    values = {
        "{plain_text}": " || ' ' || ".join(PLAIN_COLUMNS),
        "{html_text}": " || ' ' || ".join(HTML_COLUMNS),
        "{old_columns}": ", ".join(f"OLD.{name}" for name in names),
        "{new_columns}": ", ".join(f"NEW.{name}" for name in names),
    }
    sql = (TRIGGERS / f"{vendor}.sql").read_text()
    for placeholder, value in values.items():
        sql = sql.replace(placeholder, value)
    return sql


def repair_index(track: Callable[[KeyRanges], KeyRanges] = iter) -> None:
    """Index every story again, in batches of keys. `track` may wrap the batches to show progress.

    On SQLite, writers wait until the end. On PostgreSQL they wait for one batch, about a second; searches never wait.
    """
    if connection.vendor == "postgresql":
        _run_locked(DELETE_ORPHANS)
        for keys in track(_key_ranges()):
            _run_locked(FILL_POSTGRESQL, keys)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTY_SQLITE)
        for keys in track(_key_ranges()):
            cursor.execute(FILL_SQLITE, keys)


def _run_locked(statement: str, parameters: Iterable[int] = ()) -> None:
    """Run a statement while no story changes, or it would overwrite newer words with older ones."""
    with transaction.atomic(), connection.cursor() as cursor:
        SiteVersion.lock()
        cursor.execute(statement, tuple(parameters))


def _key_ranges() -> list[tuple[int, int]]:
    """(first, last) keys of each batch. One query."""
    first, last = Story.objects.aggregate(first=Min("pk"), last=Max("pk")).values()
    starts = range(first, last + 1, KEYS_IN_A_BATCH) if last is not None else []
    return [(start, start + KEYS_IN_A_BATCH - 1) for start in starts]
