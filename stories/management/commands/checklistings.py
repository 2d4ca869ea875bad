"""Check the counts behind the lists."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from stories.listings.integrity import find_differences, repair


class Command(BaseCommand):
    help = (
        "Compare the counts behind the lists with the stories and print each difference. Exits with 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the repair."""
        parser.add_argument("--repair", action="store_true", help="correct the counts; writers wait until it is done")

    def handle(self, **options: Any) -> None:
        """Print differences; repair them or exit with 1."""
        wrong = find_differences()
        for line in wrong:
            self.stdout.write(line)
        if not wrong:
            self.stdout.write("All counts are right.")
        elif options["repair"]:
            repair()
            self.stdout.write(f"Repaired {len(wrong)}.")
        else:
            sys.exit(1)
