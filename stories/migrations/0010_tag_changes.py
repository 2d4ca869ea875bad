from django.db import migrations, models


def describe(apps, schema_editor):
    """What was computed from `before` on each showing is stored now."""
    changes = apps.get_model("stories", "TagChange").objects
    for change in changes.iterator(chunk_size=1):
        change.stories = len(change.before["stories"])
        change.details = f"{change.stories:,} {'story' if change.stories == 1 else 'stories'} had it"
        change.details += f", {len(change.before['both'])} had both." if change.what == "merge" else "."
        change.save(update_fields=["stories", "details"])


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0009_tag_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='tagchange',
            name='details',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='tagchange',
            name='stories',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='tagchange',
            name='tag',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name='tagchange',
            name='what',
            field=models.CharField(choices=[('merge', 'merge'), ('delete', 'delete'), ('edit', 'edit'), ('split', 'split'), ('retag', 'retag')], max_length=10),
        ),
        migrations.RunPython(describe, migrations.RunPython.noop),
    ]
