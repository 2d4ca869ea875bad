"""Check the counts and copies that triggers keep against the stories, and repair them.

Nothing here runs in daily use: only `checklistings`, and `migrate` after it has installed triggers. The view
newsdesk_true_count (triggers/<database>/counts.sql) says what the counts should be.
"""

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from stories.models import SiteVersion, Story, StoryTag

# Rows of two kinds, `kept` and `actual`, which are added up. A missing row counts as 0.
WRONG_COUNTS = """
    WITH truth AS (SELECT tag_id, region_id, month, stories FROM newsdesk_true_count)
    SELECT tag_id, region_id, month, sum(kept), sum(actual) FROM (
        SELECT tag_id, region_id, month, stories AS kept, 0 AS actual FROM stories_monthcount
        UNION ALL
        SELECT tag_id, region_id, month, 0, stories FROM truth
        UNION ALL
        SELECT tag_id, 0, NULL, stories, 0 FROM stories_tagcount
        UNION ALL
        SELECT tag_id, 0, NULL, 0, stories FROM truth WHERE tag_id > 0 AND region_id = 0
    ) AS counts GROUP BY tag_id, region_id, month HAVING sum(kept) <> sum(actual)
    ORDER BY tag_id, region_id, month
"""
# Writes only rows that are wrong: PostgreSQL takes twice as long to write them all.
REPAIR_MONTHS = """
    INSERT INTO stories_monthcount (tag_id, region_id, month, stories)
    SELECT tag_id, region_id, month, sum(actual) FROM (
        SELECT tag_id, region_id, month, stories AS kept, 0 AS actual FROM stories_monthcount
        UNION ALL
        SELECT tag_id, region_id, month, 0, stories FROM newsdesk_true_count
    ) AS counts GROUP BY tag_id, region_id, month HAVING sum(kept) <> sum(actual)
    ON CONFLICT (tag_id, region_id, month) DO UPDATE SET stories = excluded.stories
"""
DELETE_EMPTY_MONTHS = "DELETE FROM stories_monthcount WHERE stories = 0"
DELETE_TAG_COUNTS = "DELETE FROM stories_tagcount"
FILL_TAG_COUNTS = """
    INSERT INTO stories_tagcount (tag_id, stories)
    SELECT tag_id, sum(stories) FROM stories_monthcount WHERE tag_id > 0 AND region_id = 0 GROUP BY tag_id
"""


def find_wrong_copies() -> QuerySet[StoryTag]:
    """Return the StoryTags whose live_at or region differs from their story's."""
    same_region = Q(region=F("content_object__region"))
    same_moment = Q(live_at=F("content_object__live_at")) | Q(live_at=None, content_object__live_at=None)
    return StoryTag.objects.filter(~same_region | ~same_moment)


def find_differences() -> list[str]:
    """Return one line for each wrong copy or count. Two queries, 13 to 17 s for a million stories."""
    copies = find_wrong_copies().select_related("content_object", "tag")
    with connection.cursor() as cursor:
        cursor.execute(WRONG_COUNTS)
        counts = cursor.fetchall()
    return [f"wrong date or region on {story_tag}" for story_tag in copies] + [
        f"tag {tag}, region {region}, {f'{month}'[:7] if month else 'all months'}: counted {kept}, actual {actual}"
        for tag, region, month, kept, actual in counts
    ]


@transaction.atomic
def repair() -> None:
    """Correct copies and counts, and raise the site version. Writers wait: 10 to 12 s for a million stories."""
    SiteVersion.lock()
    story = Story.objects.filter(pk=OuterRef("content_object"))
    find_wrong_copies().update(live_at=Subquery(story.values("live_at")), region=Subquery(story.values("region")))
    with connection.cursor() as cursor:
        for statement in (REPAIR_MONTHS, DELETE_EMPTY_MONTHS, DELETE_TAG_COUNTS, FILL_TAG_COUNTS):
            cursor.execute(statement)
    SiteVersion.objects.update(number=F("number") + 1)
