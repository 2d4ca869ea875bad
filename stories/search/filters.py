"""What a search is narrowed by, as a reader chose it and as SQL says it."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from stories.listings.months import following_month, midnight
from stories.listings.story_rows import to_db_value
from stories.models import FIRST_MOMENT, Region, Tag, TagCount

# For each story, which is best where many have the tag; or of all that have it, where few do.
HAS_TAG = "EXISTS (SELECT 1 FROM stories_storytag AS has WHERE has.content_object_id = {key} AND has.tag_id = %s)"
IS_TAGGED = "{key} IN (SELECT content_object_id FROM stories_storytag WHERE tag_id = %s)"


@dataclass(frozen=True)
class SearchFilters:
    """What a reader may narrow a search by; a month is given by its first day. `without`: no story with these tags."""

    region: Region | None = None
    tag: Tag | None = None
    month: date | None = None
    without: tuple[Tag, ...] = ()

    @property
    def since(self) -> datetime:
        return midnight(self.month) if self.month else FIRST_MOMENT

    @property
    def until(self) -> datetime:
        """The first moment after: never one that readers can't see yet."""
        now = timezone.now() + datetime.resolution
        return min(now, midnight(following_month(self.month))) if self.month else now

    @cached_property
    def tag_stories(self) -> int:
        """How many stories its tag is on, which it must have. One query."""
        return TagCount.objects.filter(tag=self.tag).values_list("stories", flat=True).first() or 0

    def places(self, table: str, until: datetime | None = None) -> list[tuple]:
        """(condition, parameter) for date and region, by the columns of this table; with an end of its own, if need be."""
        until = until or self.until
        found = [(f"{table}.live_at >= %s", to_db_value(self.since)), (f"{table}.live_at < %s", to_db_value(until))]
        return [*found, (f"{table}.region_id = %s", self.region.pk)] if self.region else found

    def tags(self, key: str, has_tag: str = HAS_TAG) -> list[tuple]:
        """(condition, parameter) for the tags, of the story with this key, an SQL expression."""
        found = [(has_tag.format(key=key), self.tag.pk)] if self.tag else []
        return [*found, *((f"NOT {HAS_TAG.format(key=key)}", tag.pk) for tag in self.without)]
