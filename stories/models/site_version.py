"""The site version: one number that increases with every change readers can see. Its row is the global write lock."""

from django.db import models

from .month_count import NotDumped


class SiteVersion(models.Model):
    """The only row. Triggers increase `number`; cached pages are valid while it is unchanged."""

    number = models.PositiveBigIntegerField(default=0)
    # The triggers assign stories to months by this time zone.
    time_zone = models.CharField(max_length=100)

    objects = models.Manager()
    dumped = NotDumped()

    class Meta:
        default_manager_name = "dumped"

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def lock(cls) -> None:
        """Take the global write lock until the transaction ends. One query.

        The triggers take it at a transaction's first write. Code that reads before it writes must call this first.
        """
        cls.objects.select_for_update().first()
