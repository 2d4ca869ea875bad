from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from stories.models import expired, prune


class Command(BaseCommand):
    help = "Deletes old versions of stories, stories deleted long ago and unsaved text. They can't be brought back."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, required=True, metavar="N", help="what is younger is kept")
        parser.add_argument("--dry-run", action="store_true", help="say how many would go, and delete nothing")

    def handle(self, *, days, dry_run, **options):
        if not 1 <= days <= 36_500:
            raise CommandError("--days must be a number from 1 to 36500.")
        for what, found in expired(timezone.now() - timedelta(days=days)).items():
            total = found.count()
            if dry_run:
                self.stdout.write(f"{total} {what} would be deleted.")
            else:
                with tqdm(total=total, unit=" rows", disable=None) as bar:
                    self.stdout.write(f"{prune(found, bar.update)} {what} deleted.")
