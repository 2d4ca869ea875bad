import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.importers import FORMATS, Import
from stories.models import Status


class Command(BaseCommand):
    help = (
        "Import stories from files. Safe to repeat: it never overwrites an editor's change. "
        f"Formats: {'; '.join(map(str, FORMATS))}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder to search for files")
        parser.add_argument(
            "--newest", metavar="YYYY-MM-DD", help="date of the newest story, for files that have no dates"
        )
        parser.add_argument(
            "--status",
            choices=[Status.DRAFT.value, Status.PUBLISHED.value],
            default=Status.PUBLISHED.value,
            help="status of stories whose file gives none (default: published)",
        )
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, but save nothing")

    def handle(self, *, paths: list[str], newest: str | None, status: str, dry_run: bool, **options: Any) -> None:
        run = Import(paths, status=status, newest=parse_day(newest) if newest else None)
        exit_code = 0
        try:
            with tqdm(total=run.size, unit="B", unit_scale=True, disable=None) as bar:
                run.run(dry_run=dry_run, advance=bar.update)
        except KeyboardInterrupt:
            exit_code = 130
        if dry_run:
            self.stdout.write("Dry run: nothing is saved.")
        self.stdout.write(str(run.report))
        if exit_code := exit_code or int(bool(run.report.failures)):
            sys.exit(exit_code)


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--newest must be a date like 2024-06-20, not {text!r}.") from error
