"""Holds what the triggers keep (StoryTag's copies, MonthCount, TagCount) against the stories themselves, and puts it right.

In daily life nothing here runs; it is for an operator's check, and for the migration that brings the books in.
What the counts should be, the database itself says: the view newsdesk_true_count is in stories/triggers/.
"""

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery

from stories.models import SiteVersion, Story, StoryTag

# A row has what is kept, or what there is; no row of a month stands for none.
BOTH = """
    WITH truth AS (SELECT tag_id, region_id, month, stories FROM newsdesk_true_count), months AS (
        SELECT tag_id, region_id, month, stories AS kept, 0 AS there FROM stories_monthcount
        UNION ALL
        SELECT tag_id, region_id, month, 0, stories FROM truth
    )
"""
WRONG_COUNTS = f"""{BOTH}
    SELECT tag_id, region_id, month, sum(kept), sum(there) FROM (
        SELECT tag_id, region_id, month, kept, there FROM months
        UNION ALL
        SELECT tag_id, 0, NULL, stories, 0 FROM stories_tagcount
        UNION ALL
        SELECT tag_id, 0, NULL, 0, stories FROM truth WHERE tag_id > 0 AND region_id = 0
    ) AS both_of_them GROUP BY tag_id, region_id, month HAVING sum(kept) <> sum(there)
    ORDER BY tag_id, region_id, month
"""  # noqa: S608
# Only what is wrong: to write all anew takes PostgreSQL twice as long.
RIGHT_MONTHS = f"""{BOTH}
    INSERT INTO stories_monthcount (tag_id, region_id, month, stories)
    SELECT tag_id, region_id, month, sum(there) FROM months
        GROUP BY tag_id, region_id, month HAVING sum(kept) <> sum(there)
    ON CONFLICT (tag_id, region_id, month) DO UPDATE SET stories = excluded.stories
"""  # noqa: S608 (of words of our own)


def wrong_copies():
    """The StoryTags whose copies differ from their story."""
    same_region = Q(region=F("content_object__region"))
    same_moment = Q(live_at=F("content_object__live_at")) | Q(live_at=None, content_object__live_at=None)
    return StoryTag.objects.filter(~same_region | ~same_moment)


def differences() -> list[str]:
    """What is wrong, a line each; nothing when all is right. Two queries, each reads everything."""
    copies = wrong_copies().select_related("content_object", "tag")
    with connection.cursor() as cursor:
        cursor.execute(WRONG_COUNTS)
        counts = cursor.fetchall()
    return [f"the copies on {story_tag} are wrong" for story_tag in copies] + [
        f"tag {tag}, region {region}, {str(month)[:7] if month else 'in all'}: kept {kept}, there are {there}"
        for tag, region, month, kept, there in counts
    ]


@transaction.atomic
def repair() -> None:
    """Puts the copies and the counts right. Writers wait until it is done."""
    SiteVersion.lock()
    story = Story.objects.filter(pk=OuterRef("content_object"))
    wrong_copies().update(live_at=Subquery(story.values("live_at")), region=Subquery(story.values("region")))
    with connection.cursor() as cursor:
        cursor.execute(RIGHT_MONTHS)
        cursor.execute("DELETE FROM stories_monthcount WHERE stories = 0")
        cursor.execute("DELETE FROM stories_tagcount")
        cursor.execute(
            "INSERT INTO stories_tagcount (tag_id, stories) SELECT tag_id, sum(stories) FROM stories_monthcount"
            " WHERE tag_id > 0 AND region_id = 0 GROUP BY tag_id"
        )
    SiteVersion.objects.update(number=F("number") + 1)
