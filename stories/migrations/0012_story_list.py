from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0011_preview_links'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='story',
            index=models.Index(models.F('created_by'), models.OrderBy(models.F('updated_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='story_writer_last_saved'),
        ),
        migrations.AddIndex(
            model_name='story',
            index=models.Index(models.F('created_by'), models.F('status'), models.OrderBy(models.F('updated_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='story_writer_status_saved'),
        ),
    ]
