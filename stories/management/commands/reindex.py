from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import Max, Min
from tqdm import tqdm

from stories.models import SiteVersion, Story

BATCH = 5_000
WRITE = {
    "sqlite": "INSERT INTO newsdesk_search (rowid, text)"
    " SELECT place, text FROM newsdesk_search_text WHERE id BETWEEN %s AND %s",
    "postgresql": "INSERT INTO newsdesk_search SELECT id, live_at, region_id, story_words(id, headline, byline, body)"
    " FROM stories_story WHERE id BETWEEN %s AND %s",
}
EMPTY = {
    "sqlite": "INSERT INTO newsdesk_search (newsdesk_search) VALUES ('delete-all')",
    "postgresql": "TRUNCATE newsdesk_search",
}


class Command(BaseCommand):
    help = "Makes the index for searching words anew, should it ever be damaged; writers wait meanwhile, on PostgreSQL searches too."

    def handle(self, **options):
        vendor = connection.vendor
        with transaction.atomic(), connection.cursor() as cursor:
            SiteVersion.lock()
            first, last = Story.objects.aggregate(first=Min("pk"), last=Max("pk")).values()
            starts = range(first, last + 1, BATCH) if last is not None else []
            batches = [(WRITE[vendor], [start, start + BATCH - 1]) for start in starts]
            cursor.execute(EMPTY[vendor])
            for batch in tqdm(batches, desc="Indexing", unit=" batches", leave=False):
                cursor.execute(*batch)
        self.stdout.write("The index for searching is new.")
