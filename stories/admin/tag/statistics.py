"""Facts about a tag below its form: stories by month and region, possible duplicates, old URLs, recent changes."""

from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stories.admin.base.region_counts import RegionBar, region_bars
from stories.listings.coverage import Coverage
from stories.listings.listing import Listing
from stories.models import MonthCount, Tag, TagChange

MAX_SIMILAR = 5
MAX_CHANGES = 5


class TagStatistics:
    """Facts about a saved tag. Seven queries in all, however many stories it has."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag

    @cached_property
    def listing(self) -> Listing:
        return Listing(tag=self.tag)

    @property
    def coverage(self) -> Coverage:
        """Chart by month. Each bar links to the stories of its month in the story list."""
        story_list = reverse("admin:stories_story_changelist")

        def url_for_month(first_day: date) -> str:
            return f"{story_list}?tag={self.tag.slug}&month={first_day:%Y-%m}"

        return Coverage(self.listing, url_for_month)

    @property
    def summary(self) -> str:
        """The number of stories, such as "12 published, 3 drafts or withdrawn stories."."""
        published = _("%(count)s published") % {"count": self.listing.total}
        unpublished = self.tag.story_tags.filter(live_at=None).count()
        if not unpublished:
            return f"{published}."
        others = ngettext(
            "%(count)s draft or withdrawn story", "%(count)s drafts or withdrawn stories", unpublished
        ) % {"count": unpublished}
        return f"{published}, {others}."

    @cached_property
    def regions(self) -> list[RegionBar]:
        return region_bars(MonthCount.objects.filter(tag=self.tag.pk))

    @cached_property
    def similar(self) -> list[Tag]:
        return Tag.objects.similar_to(self.tag.name, limit=MAX_SIMILAR)

    @cached_property
    def old_urls(self) -> list[str]:
        slugs = self.tag.aliases.order_by("slug").values_list("slug", flat=True)
        return [Tag(slug=slug).get_absolute_url() for slug in slugs if slug]

    @cached_property
    def changes(self) -> list[TagChange]:
        return list(TagChange.objects.about(self.tag).select_related("by").defer("before")[:MAX_CHANGES])
