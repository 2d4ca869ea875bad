from django.core.management.base import BaseCommand
from django.db import connection, transaction
from tqdm import tqdm

from stories.models import SiteVersion, Story

BATCH = 5_000
FILL = (
    "INSERT INTO newsdesk_search (rowid, text) SELECT place, text FROM newsdesk_search_text WHERE id BETWEEN %s AND %s"
)


class Command(BaseCommand):
    help = "Makes the index for searching words anew, should it ever be damaged; writers wait meanwhile."

    def handle(self, **options):
        with transaction.atomic(), connection.cursor() as cursor:
            SiteVersion.lock()
            if connection.vendor == "postgresql":
                steps = ["REINDEX INDEX story_search"]
            else:
                cursor.execute("INSERT INTO newsdesk_search (newsdesk_search) VALUES ('delete-all')")
                last = Story.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                steps = [(FILL, [start, start + BATCH - 1]) for start in range(1, last + 1, BATCH)]
            for step in tqdm(steps, desc="Indexing", unit=" steps", leave=False):
                cursor.execute(*([step] if isinstance(step, str) else step))
        self.stdout.write("The index for searching is new.")
