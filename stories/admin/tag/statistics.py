"""What the tag's page says of it besides its form: how much it is used, where and when, what is likely the same, its past."""

from functools import cached_property

from django.urls import reverse

from stories.admin.base.region_counts import with_bars
from stories.listings.coverage import Coverage
from stories.listings.listing import Listing
from stories.models import MonthCount, Tag, TagChange

LATEST = 5


class TagPage:
    """Of a stored tag. Seven queries in all, however many stories."""

    def __init__(self, tag):
        self.tag = tag

    @cached_property
    def listing(self) -> Listing:
        return Listing(tag=self.tag)

    @property
    def coverage(self) -> Coverage:
        """Its bars lead to the stories of their month, in the story list."""
        stories = reverse("admin:stories_story_changelist")
        return Coverage(self.listing, lambda first_day: f"{stories}?tag={self.tag.slug}&month={first_day:%Y-%m}")

    @cached_property
    def unpublished(self) -> int:
        return self.tag.story_tags.filter(live_at=None).count()

    @cached_property
    def regions(self) -> list[tuple]:
        return with_bars(MonthCount.objects.filter(tag=self.tag.pk))

    @cached_property
    def near(self) -> list[Tag]:
        return Tag.objects.similar_to(self.tag.name, limit=LATEST)

    @cached_property
    def former_addresses(self) -> list[str]:
        slugs = self.tag.aliases.exclude(slug=None).order_by("slug").values_list("slug", flat=True)
        return [Tag(slug=slug).get_absolute_url() for slug in slugs]

    @cached_property
    def changes(self) -> list[TagChange]:
        return list(TagChange.objects.about(self.tag).select_related("by").defer("before")[:LATEST])
