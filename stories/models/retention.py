"""What need not be kept for ever: old versions, stories deleted long ago, text that nobody ever saved."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from .autosave import Autosave
from .counts import SiteVersion
from .revision import Revision

BATCH = 1000


def expired(before: datetime) -> dict:
    """What was last touched before this moment and may go: {what it is: queryset}.

    Of a story that is there, its first version stays, because it tells whose it is, and its latest. One that was
    deleted before goes with all its versions, and can't be brought back any more.
    """
    from .story import Story

    versions = Revision.objects.filter(story=OuterRef("story")).order_by()
    gone = ~Exists(Story.objects.filter(pk=OuterRef("story"))) & ~Exists(versions.filter(at__gte=before))
    between = Exists(versions.filter(number__lt=OuterRef("number"))) & Exists(
        versions.filter(number__gt=OuterRef("number"))
    )
    old = Revision.objects.filter(at__lt=before)
    return {
        "versions of deleted stories": old.filter(gone),
        "versions between a story's first and its latest": old.filter(between),
        "open forms": Autosave.objects.filter(at__lt=before),
    }


def prune(found, advance) -> int:
    """Delete these rows, a thousand at a time, and say how many; `advance` is told after each thousand.

    May be interrupted and repeated. Each batch is looked for again under the lock: a story may just be brought back.
    """
    number, last = 0, 0
    while pks := list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            SiteVersion.lock()
            deleted, _ = found.filter(pk__in=pks).delete()
        last, number = pks[-1], number + deleted
        advance(len(pks))
    return number
