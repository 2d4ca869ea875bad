"""Triggers keep StoryTag's copies, MonthCount, TagCount and SiteVersion true in the writer's own transaction, so that no way
in can forget them: forms, bulk writes, cascades, fixtures, or a bare `story.tags.add()`.

They are taken off before migrations, because SQLite makes a table anew to alter it and would lose them, and put
on again after; what was written meanwhile is then put right. A file `install` for each database says the same. The
index of stories/search has triggers of its own: on SQLite in a file here, on PostgreSQL in a migration, for there they stay on.
"""

from datetime import UTC, date
from pathlib import Path

from django.conf import settings
from django.db import connections

HERE = Path(__file__).parent
# Wider by far than the dates that a story may have.
FIRST_YEAR, LAST_YEAR = 1700, 2300
FIND = {
    "sqlite": "SELECT 'DROP ' || type || ' ' || name FROM sqlite_master"
    " WHERE type IN ('trigger', 'view') AND name LIKE 'newsdesk_%' ORDER BY type",
    "postgresql": "SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger"
    " WHERE tgname LIKE 'newsdesk%' AND NOT tgisinternal"
    " UNION ALL SELECT format('DROP VIEW %I', viewname) FROM pg_views"
    " WHERE viewname LIKE 'newsdesk%' AND schemaname = current_schema",
}


def drop_triggers(sender, using, plan=(), **kwargs):
    """Before migrations, if there are any: other processes go on writing when there is nothing to migrate."""
    if plan:
        _run(connections[using], "")


def install_triggers(sender, using, plan=(), **kwargs):
    """After migrations: the triggers; and the books made anew if something was migrated, or months begin elsewhere now."""
    from stories.listings.integrity import repair
    from stories.models import SiteVersion, TagCount

    connection = connections[using]
    if TagCount._meta.db_table not in connection.introspection.table_names():
        return  # the migrations stop before it
    _run(connection, "\n".join(path.read_text() for path in sorted(HERE.glob(f"{connection.vendor}_*.sql"))))
    version = SiteVersion.objects.using(using).filter(pk=1).first()
    clocks_changed = version is None or version.time_zone != settings.TIME_ZONE
    if connection.vendor == "sqlite":
        _fill_months(connection, anew=clocks_changed)
    if plan or clocks_changed:
        SiteVersion.objects.using(using).update_or_create(pk=1, defaults={"time_zone": settings.TIME_ZONE})
        if connection.vendor == "sqlite":
            _index_anew(connection)
        repair()


def _run(connection, install):
    """Takes off what is there, then runs `install`, in one transaction: no writer comes in between."""
    with connection.cursor() as cursor:
        cursor.execute(FIND[connection.vendor])
        script = [f"{drop};" for (drop,) in cursor.fetchall()] + [install]
        if connection.vendor == "sqlite":
            cursor.executescript("\n".join(["BEGIN IMMEDIATE;", *script, "COMMIT;"]))
        else:
            cursor.execute("\n".join(script))


def _index_anew(connection):
    """Of what PostgreSQL keeps by itself."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO newsdesk_search (newsdesk_search) VALUES ('rebuild')")


def _fill_months(connection, *, anew):
    """SQLite knows no time zones: when each month begins, in UTC as Django stores it."""
    from stories.listings.months import midnight

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM newsdesk_month")
        if anew or cursor.fetchone() == (0,):
            days = [date(year, month, 1) for year in range(FIRST_YEAR, LAST_YEAR) for month in range(1, 13)]
            rows = [(f"{midnight(day).astimezone(UTC):%Y-%m-%d %H:%M:%S}", day.isoformat()) for day in days]
            cursor.execute("DELETE FROM newsdesk_month")
            cursor.executemany("INSERT INTO newsdesk_month VALUES (%s, %s)", rows)
