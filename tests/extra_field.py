"""A pytest plugin that adds one field to Story and to the table of fields, as a developer would, but for a migration."""

import tempfile
from pathlib import Path

from django.db import connection, models
from django.db.models.signals import class_prepared, post_migrate

from stories import fields

EXTRA = fields.Field("kicker", "Kicker", fields.Kind.LINE, "details", in_search=True)
fields.FIELDS = (*fields.FIELDS, EXTRA)


def add_to_model(sender, **_):
    if sender._meta.label == "stories.Story":
        sender.add_to_class(EXTRA.name, models.CharField(max_length=100, blank=True, default=""))


def add_to_database(**_):
    with connection.cursor() as cursor:
        known = {column.name for column in connection.introspection.get_table_description(cursor, "stories_story")}
        if EXTRA.name not in known:
            cursor.execute(f"ALTER TABLE stories_story ADD COLUMN {EXTRA.name} varchar(100) NOT NULL DEFAULT ''")


# Connected before the app's own receiver, which installs the triggers.
class_prepared.connect(add_to_model)
post_migrate.connect(add_to_database)


def pytest_configure():
    """Use a database apart from that of the tests which started this run."""
    folder = tempfile.mkdtemp()
    connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "extra-field.sqlite3")
