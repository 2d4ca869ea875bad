"""Triggers keep StoryTag's copies, MonthCount and SiteVersion true in the writer's own transaction, so that no way
in can forget them: forms, bulk writes, cascades, fixtures, or a bare `story.tags.add()`.

They are taken off before migrations, because SQLite makes a table anew to alter it and would lose them, and put
on again after; what was written meanwhile is then put right. One file for each database says the same.
"""

from pathlib import Path

from django.conf import settings
from django.db import connections

HERE = Path(__file__).parent


def take_off(sender, using, plan=(), **kwargs):
    """Before migrations, if there are any: other processes go on writing when there is nothing to migrate."""
    if plan:
        _run(connections[using], "remove")


def put_on(sender, using, plan=(), **kwargs):
    """After migrations: the triggers; and the books made anew if something was migrated, or months begin elsewhere now."""
    from stories.bookkeeping import repair
    from stories.models import SiteVersion

    connection = connections[using]
    if SiteVersion._meta.db_table not in connection.introspection.table_names():
        return  # the migrations stop before it
    _run(connection, "install")
    version = SiteVersion.objects.using(using).filter(pk=1).first()
    if plan or version is None or version.time_zone != settings.TIME_ZONE:
        SiteVersion.objects.using(using).update_or_create(pk=1, defaults={"time_zone": settings.TIME_ZONE})
        repair()


def _run(connection, what):
    text = (HERE / f"{connection.vendor}_{what}.sql").read_text()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executescript(text)
        else:
            cursor.execute(text)
