"""SQLite's index of words is made anew after the migrations, with phrases in it and the newest stories first."""

from django.db import migrations


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS newsdesk_search")


class Migration(migrations.Migration):
    dependencies = [("stories", "0013_source_address")]

    operations = [migrations.RunPython(drop, drop)]
