from django.db import migrations, models

from stories.models.snapshot import ContentField

FIELD = models.CharField(
    blank=True,
    help_text="What was wrong, what is right, and when that was mended. Readers see it below the story.",
    max_length=1_000,
)


class Migration(migrations.Migration):
    dependencies = [("stories", "0014_search_newest_first")]

    operations = [
        # In SQL: Django would copy SQLite's table, and lose its triggers.
        migrations.RunSQL(
            "ALTER TABLE stories_story ADD COLUMN correction varchar(1000) DEFAULT '' NOT NULL",
            "ALTER TABLE stories_story DROP COLUMN correction",
            state_operations=[migrations.AddField("story", "correction", FIELD)],
        ),
        # Nothing of the databases changes, only how it is read.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("previewlink", "content", ContentField()),
                migrations.AlterField("storyversion", "content", ContentField()),
            ],
        ),
    ]
