"""The regions of the masthead: read once for a request, whoever needs them."""

from .models import Region


def regions_of(request) -> list[Region]:
    """All regions, in their order. One query for a request."""
    if not hasattr(request, "regions"):
        request.regions = list(Region.objects.all())
    return request.regions


def region_at(request, slug: str) -> Region:
    """The region whose address this is or was; raises Region.DoesNotExist. A query only for a former one."""
    known = {region.slug: region for region in regions_of(request)}
    return known.get(slug) or Region.objects.at_address(slug)
