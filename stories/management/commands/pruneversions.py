from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from stories.models import expired, prune

MAX_DAYS = 36_500


class Command(BaseCommand):
    help = "Delete old versions, stories deleted long ago and abandoned unsaved text. This can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, required=True, metavar="N", help="keep everything of the last N days")
        parser.add_argument("--dry-run", action="store_true", help="report what would be deleted, but delete nothing")

    def handle(self, *, days: int, dry_run: bool, **options: Any) -> None:
        if not 1 <= days <= MAX_DAYS:
            raise CommandError(f"--days must be a number from 1 to {MAX_DAYS}.")
        for label, rows in expired(timezone.now() - timedelta(days=days)).items():
            total = rows.count()
            if dry_run:
                self.stdout.write(f"{total} {label} would be deleted.")
            else:
                with tqdm(total=total, unit=" rows", disable=None) as bar:
                    self.stdout.write(f"{prune(rows, bar.update)} {label} deleted.")
