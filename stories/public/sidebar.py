"""Sidebar of a list: related tags, counts by region, latest headlines. One query.

Tags come from a sample, the newest stories of the list, so that they cost the same however long the list is. Numbers of
stories are exact. A template draws it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from stories.listings.listing import Listing
from stories.listings.story_rows import ListedTerm, fetch_rows, to_db_value
from stories.models import Region
from stories.paths import site_path

SAMPLED_STORIES = 60
MAX_TAGS = 8
MAX_DIGEST_REGIONS, HEADLINES_PER_REGION = 12, 2

# Parts of one statement, each with the columns (kind, key, name, slug, number of stories). As one raw query it takes
# 0.3 ms on SQLite and 0.7 ms on PostgreSQL. The ORM would add 1.6 and 2.5 ms for the headlines alone, a third of a
# page.
TAGS = f"""
    SELECT * FROM (
        SELECT 'tag' AS kind, tag.id AS pk, name, slug, count(*) AS stories FROM ({{newest}}) AS newest
        JOIN stories_storytag ON content_object_id = newest.pk JOIN stories_tag AS tag ON tag.id = tag_id
        WHERE tag.id <> %s GROUP BY tag.id, name, slug ORDER BY stories DESC, name LIMIT {MAX_TAGS}
    ) AS tags
"""  # noqa: S608 (a number)
REGIONS = """
    SELECT 'region', region_id, '', '', sum(stories) - (
        SELECT count(*) FROM stories_storytag AS scheduled
        WHERE scheduled.tag_id = counted.tag_id AND scheduled.region_id = counted.region_id AND live_at >= %s
    ) FROM stories_monthcount AS counted WHERE tag_id = %s AND region_id > 0 GROUP BY tag_id, region_id
"""
HEADLINES = f"""
    SELECT * FROM (
        SELECT 'headline', region_id, headline, slug, 0 FROM stories_story WHERE region_id = %s AND live_at < %s
        ORDER BY live_at DESC, id DESC LIMIT {HEADLINES_PER_REGION}
    ) AS newest
"""  # noqa: S608 (a number)

Part = tuple[str, list[Any]]


class Headline(NamedTuple):
    headline: str
    slug: str

    def get_absolute_url(self) -> str:
        return site_path("story", self.slug)


class Sidebar:
    """Tags that the newest stories of a listing have most, and a tag's numbers of stories by region.

    With `digest`, also the newest headlines of each region. One query at most.
    """

    def __init__(self, listing: Listing, regions: Iterable[Region], *, digest: bool = False) -> None:
        self.listing = listing
        self._regions = list(regions)
        # The first moment that readers can't see yet.
        end = to_db_value(timezone.now() + datetime.resolution)
        parts = [*self._tag_parts(), *self._region_parts(end), *(self._headline_parts(end) if digest else [])]
        self._rows = fetch_by_kind(parts)

    @property
    def tags(self) -> list[ListedTerm]:
        return [ListedTerm(name, slug) for _, name, slug, _ in self._rows["tag"]]

    @property
    def regions(self) -> list[tuple[Region, int]]:
        """(region, number of stories) where the tag has any."""
        numbers = {pk: int(number) for pk, _, _, number in self._rows["region"]}
        return [(region, numbers[region.pk]) for region in self._regions if numbers.get(region.pk)]

    @property
    def digest(self) -> list[tuple[Region, list[Headline]]]:
        headlines = defaultdict(list)
        for pk, headline, slug, _ in self._rows["headline"]:
            headlines[pk].append(Headline(headline, slug))
        return [(region, headlines[region.pk]) for region in self._regions if headlines[region.pk]]

    def _tag_parts(self) -> list[Part]:
        if not self.listing.total:
            return []
        newest, parameters = self.listing.newest_keys(SAMPLED_STORIES)
        return [(TAGS.format(newest=newest), [*parameters, self.listing.tag.pk if self.listing.tag else 0])]

    def _region_parts(self, end: Any) -> list[Part]:
        return [(REGIONS, [end, self.listing.tag.pk])] if self.listing.tag else []

    def _headline_parts(self, end: Any) -> list[Part]:
        return [(HEADLINES, [region.pk, end]) for region in self._regions[:MAX_DIGEST_REGIONS]]


def fetch_by_kind(parts: list[Part]) -> dict[str, list[list[Any]]]:
    """Run the parts as one statement. Return {kind: rows without it}. No query without parts."""
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    statement = " UNION ALL ".join(part for part, _ in parts)
    parameters = [value for _, values in parts for value in values]
    for kind, *row in fetch_rows(statement, parameters) if parts else []:
        rows[kind].append(row)
    return rows
