"""What stands beside a list: where else its stories are to be found, read in one query.

Tags come from a sample, the newest stories of the list, so that they cost the same however long it is; what is counted
is counted exactly. How it looks is a template's.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from stories.listings.listing import Listing
from stories.listings.story_rows import ListedTerm, fetch_rows, to_db_value
from stories.models import Region
from stories.paths import site_path

SAMPLE = 60  # stories
MOST_TAGS = 8
NEWEST, MOST_REGIONS = 2, 12

TAGS = f"""
    SELECT * FROM (
        SELECT 'tag' AS kind, tag.id AS pk, name, slug, count(*) AS stories FROM ({{newest}}) AS newest
        JOIN stories_storytag ON content_object_id = newest.pk JOIN stories_tag AS tag ON tag.id = tag_id
        WHERE tag.id <> %s GROUP BY tag.id, name, slug ORDER BY stories DESC, name LIMIT {MOST_TAGS}
    ) AS tags
"""  # noqa: S608 (a number)
REGIONS = """
    SELECT 'region', region_id, '', '', sum(stories) - (
        SELECT count(*) FROM stories_storytag AS late
        WHERE late.tag_id = counted.tag_id AND late.region_id = counted.region_id AND live_at >= %s
    ) FROM stories_monthcount AS counted WHERE tag_id = %s AND region_id > 0 GROUP BY tag_id, region_id
"""
HEADLINES = f"""
    SELECT * FROM (
        SELECT 'headline', region_id, headline, slug, 0 FROM stories_story WHERE region_id = %s AND live_at < %s
        ORDER BY live_at DESC, id DESC LIMIT {NEWEST}
    ) AS newest
"""  # noqa: S608 (a number)


class Headline(NamedTuple):
    headline: str
    slug: str

    def get_absolute_url(self):
        return site_path("story", self.slug)


class Sidebar:
    """Of a listing: the `tags` its newest stories have most; of a tag's, in how many stories each region has it.

    `digest` asks for the newest headlines of regions as well. One query at most.
    """

    def __init__(self, listing: Listing, regions: Iterable[Region], *, digest: bool = False):
        self.listing = listing
        self._regions = list(regions)
        self._found = defaultdict(list)
        now = to_db_value(timezone.now() + datetime.resolution)
        parts, parameters = [], []
        if listing.total:
            newest, parameters = listing.newest(SAMPLE)
            parts = [TAGS.format(newest=newest)]
            parameters.append(listing.tag.pk if listing.tag else 0)
        if listing.tag:
            parts.append(REGIONS)
            parameters += [now, listing.tag.pk]
        if digest:
            parts += [HEADLINES] * len(self._regions[:MOST_REGIONS])
            parameters += [value for region in self._regions[:MOST_REGIONS] for value in (region.pk, now)]
        for kind, *row in fetch_rows(" UNION ALL ".join(parts), parameters) if parts else []:
            self._found[kind].append(row)

    @property
    def tags(self) -> list[ListedTerm]:
        return [ListedTerm(name, slug) for _, name, slug, _ in self._found["tag"]]

    @property
    def regions(self) -> list[tuple[Region, int]]:
        """Those in which the tag has stories, with how many."""
        numbers = {pk: int(number) for pk, _, _, number in self._found["region"]}
        return [(region, numbers[region.pk]) for region in self._regions if numbers.get(region.pk)]

    @property
    def digest(self) -> list[tuple[Region, list[Headline]]]:
        headlines = defaultdict(list)
        for pk, headline, slug, _ in self._found["headline"]:
            headlines[pk].append(Headline(headline, slug))
        return [(region, headlines[region.pk]) for region in self._regions if headlines[region.pk]]
