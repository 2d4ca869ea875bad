import sys
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from stories.importers import Import


def day(text):
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--newest must be like 2024-06-20, not {text!r}.") from error


class Command(BaseCommand):
    help = "Imports stories from K2 tag pages (saved HTML, or copied text) and from JSON lines. May be repeated."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder with files")
        parser.add_argument("--newest", metavar="YYYY-MM-DD", help="the newest story's day, for pages without dates")
        parser.add_argument(
            "--status", choices=["draft", "published"], default="published", help="of what K2 pages bring"
        )
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, and keep nothing")

    def handle(self, *, paths, newest, status, dry_run, **options):
        importing, code = Import(paths, status=status, newest=newest and day(newest)), 0
        try:
            with tqdm(total=importing.size, unit="B", unit_scale=True, disable=None) as bar:
                importing.run(dry_run=dry_run, advance=bar.update)
        except KeyboardInterrupt:
            code = 130
        if dry_run:
            self.stdout.write("Dry run: nothing is kept.")
        self.stdout.write(str(importing.report))
        if code := code or int(bool(importing.report.failures)):
            sys.exit(code)
