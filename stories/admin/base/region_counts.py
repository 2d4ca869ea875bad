"""The stories of each region, as a chart shows them."""

from django.db.models import Sum

from stories.models import Region


def with_bars(counts) -> list[tuple[Region, int, int]]:
    """(region, stories, width of its bar in percent) of the regions that have any in these MonthCounts, the most first.

    Two queries.
    """
    counts = counts.filter(stories__gt=0).exclude(region=0).order_by()
    found = dict(counts.values_list("region").annotate(Sum("stories")))
    most = max(found.values(), default=1)
    regions = sorted(Region.objects.in_bulk(found).values(), key=lambda region: -found[region.pk])
    return [(region, found[region.pk], round(100 * found[region.pk] / most)) for region in regions]
