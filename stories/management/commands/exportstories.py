import os
import sys
from contextlib import nullcontext

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from stories.importers import Refused, atomic_write, export_queryset, write
from stories.models import Region, Story, Tag


class Command(BaseCommand):
    help = "Writes all stories as JSON lines, drafts and withdrawn ones too; importstories reads them back."

    def add_arguments(self, parser):
        parser.add_argument("--tag", metavar="SLUG", help="only stories with this tag")
        parser.add_argument("--region", metavar="SLUG", help="only stories of this region")
        parser.add_argument("--output", metavar="FILE", help="where to write; without it, to the standard output")

    def handle(self, *, tag, region, output, **options):
        stories = Story.objects.all()
        if tag is not None:
            stories = stories.filter(story_tags__tag=get_by_any_slug(Tag, tag))
        if region is not None:
            stories = stories.filter(region=get_by_any_slug(Region, region))
        try:
            with atomic_write(output) if output else nullcontext(self.stdout) as out:
                write(tqdm(export_queryset(stories), total=stories.count(), unit=" stories", disable=None), out)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except BrokenPipeError:
            # The reader, such as `head`, has enough; Python would still complain when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def get_by_any_slug(model, slug):
    try:
        return model.objects.get_by_any_slug(slug)
    except model.DoesNotExist as error:
        raise CommandError(f"There is no {model._meta.verbose_name} at the address {slug!r}.") from error
