"""Retention: old revisions, stories deleted long ago and abandoned autosaves."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from .autosave import Autosave
from .revision import Revision
from .site_version import SiteVersion
from .story import Story

BATCH_SIZE = 1_000  # rows


def expired(before: datetime) -> dict[str, QuerySet[Any]]:
    """Return {description: rows} that may be deleted, because they were last changed before this moment.

    An existing story keeps its first revision, which tells whose story it is, and its latest. A story that was
    deleted before this moment loses all its revisions, and can't be recovered any more.
    """
    revisions = Revision.objects.filter(story=OuterRef("story")).order_by()
    is_gone = ~Exists(Story.objects.filter(pk=OuterRef("story"))) & ~Exists(revisions.filter(at__gte=before))
    is_between = Exists(revisions.filter(number__lt=OuterRef("number"))) & Exists(
        revisions.filter(number__gt=OuterRef("number"))
    )
    old = Revision.objects.filter(at__lt=before)
    return {
        "versions of deleted stories": old.filter(is_gone),
        "versions between a story's first and its latest": old.filter(is_between),
        "open forms": Autosave.objects.filter(at__lt=before),
    }


def prune(rows: QuerySet[Any], advance: Callable[[int], object]) -> int:
    """Delete these rows in batches and return their number. Calls `advance` with the size of each batch.

    It may be interrupted and repeated. Each batch is read again under the write lock, because somebody may just be
    recovering a story.
    """
    deleted, last = 0, 0
    while pks := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        with transaction.atomic():
            SiteVersion.lock()
            deleted += rows.filter(pk__in=pks).delete()[0]
        last = pks[-1]
        advance(len(pks))
    return deleted
