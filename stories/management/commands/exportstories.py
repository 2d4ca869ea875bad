import os
import sys
from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.importers import atomic_write, to_json_lines
from stories.models import Region, Story, Tag

CHUNK_STORIES = 500


class Command(BaseCommand):
    help = "Write all stories as JSON lines, including drafts and withdrawn ones. importstories reads them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tag", metavar="SLUG", help="only stories with this tag")
        parser.add_argument("--region", metavar="SLUG", help="only stories in this region")
        parser.add_argument("--output", metavar="FILE", help="file to write (default: standard output)")

    def handle(self, *, tag: str | None, region: str | None, output: str | None, **options: Any) -> None:
        stories = Story.objects.with_related().order_by("pk")
        if tag is not None:
            stories = stories.filter(story_tags__tag=get_by_any_slug(Tag, tag))
        if region is not None:
            stories = stories.filter(region=get_by_any_slug(Region, region))
        rows = stories.iterator(chunk_size=CHUNK_STORIES)
        bar = tqdm(rows, total=stories.count(), unit=" stories", disable=None)
        try:
            with atomic_write(output) if output else nullcontext(self.stdout) as out:
                for line in to_json_lines(bar):
                    out.write(line)
        except BrokenPipeError:
            # The reader, such as `head`, has enough. Python would complain again when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            raise CommandError(f"Can't write {output}: {error.strerror or error}.") from error


def get_by_any_slug(model: type[Tag | Region], slug: str) -> Tag | Region:
    try:
        return model.objects.get_by_any_slug(slug)
    except model.DoesNotExist as error:
        raise CommandError(f"There is no {model._meta.verbose_name} with the slug {slug!r}.") from error
