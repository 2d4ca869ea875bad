"""Install the database triggers that keep counts, site version and search index true.

Triggers write in the writer's own transaction, so that no way to write a story can forget them: forms, bulk writes,
cascades, fixtures or a bare `story.tags.add()`. Their SQL is in listings/triggers/ and search/triggers/, one current
definition for each database. docs/database.md shows which trigger writes what.
"""

import re
from datetime import UTC, date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations import Migration

from .listings.integrity import repair
from .listings.months import midnight
from .models import SiteVersion, TagCount
from .search.index import read_trigger_sql, repair_index

LISTINGS = Path(__file__).parent / "listings" / "triggers"
CREATED = re.compile(r"^CREATE (TRIGGER|VIEW|FUNCTION) (\w+)", re.MULTILINE)
# Every definition names its triggers, views and functions like this. The last part finds those of early versions.
OURS = re.compile(r"newsdesk_\w+|\w+_(before|after)_\w+_(counts|lock|search|site_version)|story_(search|words)\w*")
# (kind, name, statement that drops it), in an order in which nothing that is dropped is still needed.
FIND = {
    "sqlite": """
        SELECT upper(type), name, 'DROP ' || type || ' IF EXISTS ' || name FROM sqlite_master
            WHERE type IN ('trigger', 'view') ORDER BY type
    """,
    "postgresql": """
        SELECT 'TRIGGER', tgname, format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
            FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
        UNION ALL
        SELECT 'VIEW', viewname, format('DROP VIEW %I', viewname) FROM pg_views WHERE schemaname = current_schema()
        UNION ALL
        SELECT 'FUNCTION', proname, format('DROP FUNCTION %s', oid::regprocedure) FROM pg_proc
            WHERE pronamespace = current_schema()::regnamespace
        ORDER BY 1 DESC
    """,
}
# The view is created last, after the repair: without it, the next `migrate` does it all again.
RECORD = ("VIEW", "newsdesk_definition")
CREATE_RECORD = "CREATE VIEW newsdesk_definition AS SELECT '{digest}' AS digest"
# How long to wait for a table: readers queue behind this wait.
LOCK_TIMEOUT_MS = 5_000
# Stories' dates are within these years.
FIRST_YEAR, LAST_YEAR = 1700, 2300


def drop_before_migrations(*, using: str, plan: list[tuple[Migration, bool]], **kwargs: Any) -> None:
    """Drop the triggers if migrations of this app follow, which may rebuild or alter the tables under them."""
    if using == DEFAULT_DB_ALIAS and any(migration.app_label == "stories" for migration, _ in plan):
        drop_triggers()


def install_after_migrations(*, using: str, **kwargs: Any) -> None:
    """Install the triggers, unless the migrations stop before the tables that they write."""
    tables = {TagCount._meta.db_table, "newsdesk_search"}
    if using == DEFAULT_DB_ALIAS and tables <= set(connection.introspection.table_names()):
        install_triggers()


def drop_triggers() -> None:
    """Drop all triggers, and the views and functions they use. What is written from now on needs a repair."""
    _replace("")


def install_triggers() -> None:
    """Install the current definition, then repair what was written without it. Nothing happens if it is installed.

    Counts are also repaired when the time zone has changed, because months then begin at another moment. Three queries
    when nothing has changed.
    """
    definition = read_definition(connection.vendor)
    is_outdated = not is_installed(definition)
    if is_outdated:
        _replace(definition)
    if is_outdated or SiteVersion.objects.values_list("time_zone", flat=True).first() != settings.TIME_ZONE:
        SiteVersion.objects.update_or_create(pk=1, defaults={"time_zone": settings.TIME_ZONE})
        if connection.vendor == "sqlite":
            _fill_months()
        repair()
    if is_outdated:
        repair_index()
        with connection.cursor() as cursor:
            cursor.execute(CREATE_RECORD.format(digest=to_digest(definition)))


def read_definition(vendor: str) -> str:
    """Return the SQL that creates all triggers, and the views and functions they use."""
    parts = [path.read_text() for path in sorted((LISTINGS / vendor).glob("*.sql"))]
    return "\n".join([*parts, read_trigger_sql(vendor)])


def is_installed(definition: str) -> bool:
    """Tell whether the database has this definition, complete and repaired. Two queries, no lock."""
    if {(kind, name) for kind, name, _ in find_installed()} != {*CREATED.findall(definition), RECORD}:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM newsdesk_definition")
        return cursor.fetchall() == [(to_digest(definition),)]


def to_digest(definition: str) -> str:
    return sha256(definition.encode()).hexdigest()


def find_installed() -> list[tuple[str, str, str]]:
    """Return (kind, name, statement that drops it) of our triggers, views and functions, of any version."""
    with connection.cursor() as cursor:
        cursor.execute(FIND[connection.vendor])
        return [row for row in cursor.fetchall() if OURS.fullmatch(row[1])]


def _replace(definition: str) -> None:
    """Drop what is installed and create the definition in one transaction, so that no write falls in between."""
    script = "\n".join([*(f"{drop};" for _, _, drop in find_installed()), definition])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # A script ends any transaction that is open, so it begins its own.
            cursor.executescript(f"BEGIN IMMEDIATE;\n{script}\nCOMMIT;")
            return
        with transaction.atomic():
            cursor.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")
            cursor.execute(script)


def _fill_months() -> None:
    """Tell SQLite, which knows no time zones, when each month begins, in UTC as Django stores moments."""
    days = [date(year, month, 1) for year in range(FIRST_YEAR, LAST_YEAR) for month in range(1, 13)]
    rows = [(f"{midnight(day).astimezone(UTC):%Y-%m-%d %H:%M:%S}", day.isoformat()) for day in days]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsdesk_month")
        cursor.executemany("INSERT INTO newsdesk_month VALUES (%s, %s)", rows)
