from django.core.management.base import BaseCommand
from django.db import connection, transaction
from tqdm import tqdm

from stories.models import SiteVersion, Story

BATCH = 5_000
# Only what is wrong: PostgreSQL writes a row anew with all its indexes. See the last migration of the column.
WRITE = {
    "sqlite": "INSERT INTO newsdesk_search (rowid, text)"
    " SELECT place, text FROM newsdesk_search_text WHERE id BETWEEN %s AND %s",
    "postgresql": "UPDATE stories_story SET search = NULL WHERE id BETWEEN %s AND %s"
    " AND search IS DISTINCT FROM story_words(id, headline, byline, body)",
}
BEFORE = {"sqlite": ["INSERT INTO newsdesk_search (newsdesk_search) VALUES ('delete-all')"], "postgresql": []}
AFTER = {"sqlite": [], "postgresql": ["REINDEX INDEX story_search"]}


class Command(BaseCommand):
    help = "Makes the index for searching words anew, should it ever be damaged; writers wait meanwhile."

    def handle(self, **options):
        vendor = connection.vendor
        with transaction.atomic(), connection.cursor() as cursor:
            SiteVersion.lock()
            last = Story.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            batches = [(WRITE[vendor], [start, start + BATCH - 1]) for start in range(1, last + 1, BATCH)]
            steps = [*((step, None) for step in BEFORE[vendor]), *batches, *((step, None) for step in AFTER[vendor])]
            for step in tqdm(steps, desc="Indexing", unit=" steps", leave=False):
                cursor.execute(*step)
        self.stdout.write("The index for searching is new.")
