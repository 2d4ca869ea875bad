"""Counts that make lists cheap at any size, kept by database triggers, see stories/listings/triggers/.

stories/listings/listing.py finds a page with them.
"""

from typing import Any

from django.db import models
from django.db.models import Subquery, Sum
from django.db.models.functions import Coalesce


class NotDumped(models.Manager[Any]):
    """Default manager for tables that triggers fill: `dumpdata` reads nothing, and loading a dump counts again."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().none()


class MonthCount(models.Model):
    """Number of published and scheduled stories that a listing has in one month.

    A listing is a tag, a region, both or neither; 0 in a column means any. No row means no story.
    """

    tag = models.ForeignKey("stories.Tag", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    region = models.ForeignKey(
        "stories.Region", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # The month's first day, in the newsroom's time zone.
    month = models.DateField()
    stories = models.IntegerField()

    objects = models.Manager()
    dumped = NotDumped()

    class Meta:
        default_manager_name = "dumped"
        constraints = [
            models.UniqueConstraint(fields=["tag", "region", "month"], name="listing_has_a_month_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.stories}"


class TagCount(models.Model):
    """Sum of a tag's MonthCounts: adding them up for thousands of tags at once takes too long. No row means none."""

    tag = models.OneToOneField(
        "stories.Tag", models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="total"
    )
    stories = models.IntegerField()

    objects = models.Manager()
    dumped = NotDumped()

    class Meta:
        default_manager_name = "dumped"

    def __str__(self) -> str:
        return str(self.stories)


def tag_story_count() -> Coalesce:
    """Return an expression for a query of tags: the number of published and scheduled stories. A join, no subquery."""
    return Coalesce("total__stories", 0)


def listing_story_count(**listing: Any) -> Coalesce:
    """Return an expression: the number of published and scheduled stories of a listing, without reading stories.

    `listing` is a lookup of `tag` and `region`: one of them an OuterRef, the other an OuterRef or 0 for any.
    """
    months = MonthCount.objects.filter(**listing).order_by().values("tag", "region")
    return Coalesce(Subquery(months.annotate(total=Sum("stories")).values("total")), 0)
