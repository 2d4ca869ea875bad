import sys

from django.core.management.base import BaseCommand

from stories.listings.integrity import differences, repair


class Command(BaseCommand):
    help = "Compares what listings are read from with the stories, prints what differs, and repairs it if asked."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="make it right; writers wait meanwhile")

    def handle(self, **options):
        wrong = differences()
        for line in wrong:
            self.stdout.write(line)
        if wrong and options["repair"]:
            repair()
            self.stdout.write(f"Repaired {len(wrong)}.")
        elif wrong:
            sys.exit(1)
        else:
            self.stdout.write("All listings are right.")
