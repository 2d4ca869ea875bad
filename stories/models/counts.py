"""What makes listings cheap at any size: how many live stories each listing has in each month, and the number of
the site's version. The database keeps both true by itself, see stories/triggers/.

How a page is found with them is in stories/listing.py.
"""

from django.db import models
from django.db.models import Subquery, Sum
from django.db.models.functions import Coalesce


class NotDumped(models.Manager):
    """The default manager, by which `dumpdata` reads: where a dump is loaded, the triggers count anew."""

    def get_queryset(self):
        return super().get_queryset().none()


class MonthCount(models.Model):
    """How many stories with a `live_at` in this month a listing has, scheduled ones too.

    A listing is a tag, a region, both or neither; 0 stands for any. No row, or 0 stories, stands for none.
    """

    tag = models.ForeignKey("stories.Tag", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    region = models.ForeignKey(
        "stories.Region", models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    # Its first day, in the newsroom's time zone.
    month = models.DateField()
    stories = models.IntegerField()

    objects = models.Manager()
    dumped = NotDumped()

    class Meta:
        default_manager_name = "dumped"
        constraints = [
            models.UniqueConstraint(fields=["tag", "region", "month"], name="listing_has_a_month_once"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}: {self.stories}"


class TagCount(models.Model):
    """The sum of a tag's months, which takes too long to add up for thousands of tags at once. No row stands for none."""

    tag = models.OneToOneField(
        "stories.Tag", models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="total"
    )
    stories = models.IntegerField()

    objects = models.Manager()
    dumped = NotDumped()

    class Meta:
        default_manager_name = "dumped"

    def __str__(self):
        return str(self.stories)


def published_with_tag():
    """An expression for tags: how many of its stories readers see or will see. A join, for databases make it at once."""
    return Coalesce("total__stories", 0)


def published(**listing):
    """An expression: how many stories of a listing readers see or will see. No stories are read for it.

    `listing` is a lookup of `tag` and `region`, one of them OuterRef, the other perhaps 0.
    """
    months = MonthCount.objects.filter(**listing).order_by().values("tag", "region")
    return Coalesce(Subquery(months.annotate(total=Sum("stories")).values("total")), 0)


class SiteVersion(models.Model):
    """One row: its number goes up with whatever changes what readers see, and it is the lock of all writers."""

    number = models.PositiveBigIntegerField(default=0)
    # The triggers cut months by it.
    time_zone = models.CharField(max_length=100)

    objects = models.Manager()
    dumped = NotDumped()

    class Meta:
        default_manager_name = "dumped"

    def __str__(self):
        return str(self.number)

    @classmethod
    def lock(cls) -> None:
        """Wait for the writer before, and make the next one wait, to the end of this transaction.

        The triggers do so at the first write; who reads before writing calls this first. One query.
        """
        cls.objects.select_for_update().first()
