"""Filters of a search: a region, a tag, a month and tags to leave out, and their SQL conditions."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from stories.listings.months import following_month, midnight
from stories.listings.story_rows import to_db_value
from stories.models import FIRST_MOMENT, Region, Tag, TagCount

# Two conditions for the tag of a story whose key is {key}. The first asks for each story, which is best for a tag of
# many stories. The second lists the tag's stories once, which is best for a tag of few.
HAS_TAG = "EXISTS (SELECT 1 FROM stories_storytag AS has WHERE has.content_object_id = {key} AND has.tag_id = %s)"
IS_LISTED = "{key} IN (SELECT content_object_id FROM stories_storytag WHERE tag_id = %s)"

Condition = tuple[str, Any]  # SQL with one %s, and its parameter


@dataclass(frozen=True)
class SearchFilters:
    """Filters of a search. A month is given by its first day. Stories with a tag in `without` are left out."""

    region: Region | None = None
    tag: Tag | None = None
    month: date | None = None
    without: tuple[Tag, ...] = ()

    @property
    def since(self) -> datetime:
        return midnight(self.month) if self.month else FIRST_MOMENT

    @property
    def until(self) -> datetime:
        """The first moment after the month, or the first one that readers can't see yet."""
        future = timezone.now() + datetime.resolution
        return min(future, midnight(following_month(self.month))) if self.month else future

    @cached_property
    def tag_stories(self) -> int:
        """Number of published and scheduled stories of its tag. One query."""
        return TagCount.objects.filter(tag=self.tag).values_list("stories", flat=True).first() or 0

    def place_conditions(self, table: str, until: datetime | None = None) -> list[Condition]:
        """Return conditions for date and region on the columns of this table. `until` may be an earlier end."""
        conditions = [
            (f"{table}.live_at >= %s", to_db_value(self.since)),
            (f"{table}.live_at < %s", to_db_value(until or self.until)),
        ]
        return [*conditions, (f"{table}.region_id = %s", self.region.pk)] if self.region else conditions

    def tag_conditions(self, key: str, has_tag: str = HAS_TAG) -> list[Condition]:
        """Return conditions for the tags of the story with this key, an SQL expression."""
        conditions = [(has_tag.format(key=key), self.tag.pk)] if self.tag else []
        return [*conditions, *((f"NOT {HAS_TAG.format(key=key)}", tag.pk) for tag in self.without)]
