"""Holds what the triggers keep (StoryTag's copies, MonthCount) against the stories themselves, and puts it right.

In daily life nothing here runs; it is for an operator's check, and for the migration that brings the books in.
"""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth

from .models import MonthCount, SiteVersion, Story, StoryTag


def wrong_copies():
    """The StoryTags whose copies differ from their story."""
    same_region = Q(region=F("content_object__region"))
    same_moment = Q(live_at=F("content_object__live_at")) | Q(live_at=None, content_object__live_at=None)
    right = StoryTag.objects.filter(same_region, same_moment)
    return StoryTag.objects.exclude(pk__in=right.values("pk"))


def true_counts() -> Counter:
    """{(tag pk or 0, region pk or 0, first day of the month): stories}, counted from the stories. Two queries."""
    counts = Counter()
    stories = Story.objects.exclude(live_at=None).annotate(month=TruncMonth("live_at"))
    tagged = StoryTag.objects.exclude(content_object__live_at=None).annotate(
        month=TruncMonth("content_object__live_at")
    )
    for region, month, number in stories.values_list("region", "month").annotate(number=Count("pk")):
        _add(counts, 0, region, month, number)
    places = tagged.values_list("tag", "content_object__region", "month")
    for tag, region, month, number in places.annotate(number=Count("pk")).order_by():
        _add(counts, tag, region, month, number)
    return counts


def kept_counts() -> dict[tuple[int, int, date], int]:
    """The same, as it is kept."""
    kept = MonthCount.objects.exclude(stories=0).values_list("tag", "region", "month", "stories")
    return {(tag, region, month): number for tag, region, month, number in kept}


def differences() -> list[str]:
    """What is wrong, a line each; nothing when all is right."""
    copies = [
        f"the copies on {story_tag} are wrong" for story_tag in wrong_copies().select_related("content_object", "tag")
    ]
    true, kept = true_counts(), kept_counts()
    counts = [
        f"tag {tag}, region {region}, {month:%Y-%m}: kept {kept.get((tag, region, month), 0)}, there are {true[tag, region, month]}"
        for tag, region, month in sorted({*true, *kept})
        if true[tag, region, month] != kept.get((tag, region, month), 0)
    ]
    return copies + counts


@transaction.atomic
def repair() -> None:
    """Makes the copies and the counts anew. Writers wait until it is done."""
    SiteVersion.lock()
    story = Story.objects.filter(pk=OuterRef("content_object"))
    wrong_copies().update(live_at=Subquery(story.values("live_at")), region=Subquery(story.values("region")))
    MonthCount.objects.all().delete()
    MonthCount.objects.bulk_create(
        [
            MonthCount(tag_id=tag, region_id=region, month=month, stories=number)
            for (tag, region, month), number in true_counts().items()
        ],
        batch_size=5_000,
    )


def _add(counts, tag, region, month, number):
    for place in (0, region):
        counts[tag, place, month.date()] += number
