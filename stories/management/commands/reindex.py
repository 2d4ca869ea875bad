"""Rebuild the search index."""

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from stories.search.index import repair_index


class Command(BaseCommand):
    help = "Rebuild the search index. Writers wait until the end on SQLite, a second at a time on PostgreSQL."

    def handle(self, **options: Any) -> None:
        """Index every story again and show progress."""
        repair_index(partial(tqdm, desc="Indexing", unit=" batches", leave=False))
        self.stdout.write("Search index rebuilt.")
