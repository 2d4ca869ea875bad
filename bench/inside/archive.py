"""Fill a new database with the synthetic stories of invented.py. By SQL, with the triggers off, for speed."""

from datetime import UTC, datetime
from itertools import islice

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from tqdm import tqdm

from bench import invented
from stories import triggers
from stories.models import Region, Source, Status, Story, StoryTag, Tag

BATCH = 5_000
STORY_COLUMNS = (
    "id", "headline", "slug", "body", "region_id", "status", "published_at", "first_published_at", "created_at",
    "updated_at", "version",
)  # fmt: skip
# Required text columns that stay empty, such as the byline.
EMPTY_COLUMNS = tuple(
    field.column
    for field in Story._meta.concrete_fields
    if field.get_internal_type() in {"CharField", "TextField"} and not field.null and field.column not in STORY_COLUMNS
)
COLUMNS = {
    Story: (*STORY_COLUMNS, *EMPTY_COLUMNS),
    StoryTag: ("content_object_id", "tag_id", "live_at", "region_id"),
    Source: ("story_id", "url", "label", "position"),
}  # fmt: skip


def figures(size: int) -> int:
    """Create the archive. Return the number of stories."""
    call_command("migrate", verbosity=0)
    call_command("loaddata", "regions", verbosity=0)
    triggers.drop_triggers()
    _turn_safety_off()
    with transaction.atomic():
        _fill(size)
    triggers.install_triggers()
    _turn_safety_on()
    return Story.objects.count()


def _fill(size: int) -> None:
    names = invented.make_tag_names()
    tags = Tag.objects.bulk_create(Tag(name=name, normal=name.lower(), slug=name.lower()) for name in names)
    tag_keys = [tag.pk for tag in tags]
    region_keys = list(Region.objects.values_list("pk", flat=True))
    stories = invented.make_stories(size, datetime.now(UTC))
    with tqdm(total=size, desc=f"{size:,} stories, {connection.vendor}", unit=" stories", leave=False) as bar:
        while batch := list(islice(stories, BATCH)):
            _write_batch(batch, tag_keys, region_keys)
            bar.update(len(batch))


def _write_batch(batch: list[invented.Invented], tag_keys: list[int], region_keys: list[int]) -> None:
    moments = [_to_db_value(story.moment) for story in batch]
    regions = [region_keys[story.region] for story in batch]
    # Sources first: the search index reads them when the story is inserted.
    _write(Source, [(story.number, f"https://example.org/{story.slug}", "The Example", 0) for story in batch])
    empty = [""] * len(EMPTY_COLUMNS)
    _write(Story, [
        (story.number, story.headline, story.slug, story.body, region, Status.PUBLISHED.value, *[moment] * 4, 1, *empty)
        for story, moment, region in zip(batch, moments, regions, strict=True)
    ])  # fmt: skip
    _write(StoryTag, [
        (story.number, tag_keys[tag], moment, region)
        for story, moment, region in zip(batch, moments, regions, strict=True)
        for tag in story.tags
    ])  # fmt: skip


def _to_db_value(moment: datetime) -> datetime | str:
    return moment if connection.vendor == "postgresql" else str(moment.replace(tzinfo=None))


def _write(model: type[Model], rows: list[tuple]) -> None:
    table, columns = model._meta.db_table, COLUMNS[model]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["?"] * len(columns))
            # Through sqlite3's own cursor: Django's converts the SQL for every row.
            cursor.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


def _turn_safety_off() -> None:
    """Turn off checks of foreign keys, the journal and waiting for the disk: a broken archive is created again."""
    _run(
        postgresql=[
            "SET session_replication_role = replica",
            "SET synchronous_commit = off",
        ],
        sqlite=["PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000"],
    )


def _turn_safety_on() -> None:
    """Turn all back on, and vacuum: the state of an archive that has been in use."""
    sequences = connection.ops.sequence_reset_sql(no_style(), [Story])
    _run(
        postgresql=[
            "SET session_replication_role = DEFAULT",
            *sequences,
            "VACUUM ANALYZE",
            "CHECKPOINT",
        ],
        sqlite=["PRAGMA synchronous = NORMAL", "PRAGMA journal_mode = WAL"],
    )


def _run(**statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
