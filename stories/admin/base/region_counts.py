"""The number of stories in each region, for a bar chart."""

from typing import NamedTuple

from django.db.models import QuerySet, Sum

from stories.models import MonthCount, Region


class RegionBar(NamedTuple):
    region: Region
    stories: int
    width: int  # percent of the longest bar


def region_bars(counts: QuerySet[MonthCount]) -> list[RegionBar]:
    """Sum these counts by region, largest first, without empty regions. Two queries."""
    counts = counts.filter(stories__gt=0).exclude(region=0).order_by()
    totals = dict(counts.values_list("region").annotate(Sum("stories")))
    largest = max(totals.values(), default=1)
    regions = sorted(Region.objects.in_bulk(totals).values(), key=lambda region: -totals[region.pk])
    return [RegionBar(region, totals[region.pk], round(100 * totals[region.pk] / largest)) for region in regions]
