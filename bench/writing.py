"""Cost of writes: a save, an import, and the check and repair of the counts."""

import json
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from . import invented
from .databases import DATA, SCRATCH, VENDORS, Database, archive
from .measures import Figure, Measured

IMPORTED = 20_000


def save(vendor: str, sizes: list[int]) -> Measured:
    database = Database(vendor, SCRATCH).copy_from(archive(vendor, min(sizes)))
    took = database.run_inside("saving")
    detail = f"{VENDORS[vendor]}: {took['with_triggers']:.2f} and {took['without']:.2f} ms"
    return Measured(
        [Figure("save with four new tags ÷ without triggers", took["with_triggers"] / took["without"], "<= 3", detail)]
    )


def bulk_import(vendor: str, sizes: list[int]) -> Measured:
    """Time `importstories` of JSON lines into an empty database by the wall clock, including its start."""
    database = Database(vendor, SCRATCH).create()
    database.manage("migrate", "--verbosity", "0")
    lines = DATA / "import.jsonl"
    write_lines(lines)
    started = perf_counter()
    database.manage("importstories", str(lines))
    took = perf_counter() - started
    started = perf_counter()
    database.manage("importstories", str(lines))
    again = perf_counter() - started
    detail = f"{VENDORS[vendor]}: {IMPORTED:,} in {took:.1f} s; again, unchanged, in {again:.1f} s"
    return Measured([Figure("imported stories per second", IMPORTED / took, ">= 4000", detail)])


def integrity(vendor: str, sizes: list[int]) -> Measured:
    found = archive(vendor, max(sizes)).run_inside("integrity", with_repair=True)
    detail = f"{VENDORS[vendor]}, {max(sizes):,} stories: checked in {found['check']:.1f} s, {found['wrong']} wrong"
    return Measured([Figure("checklistings --repair, seconds", found["repair"], "<= 15", detail)])


def write_lines(path: Path) -> None:
    names, regions = invented.make_tag_names(), ["Worldwide", "Europe", "British Isles", "Praise Reports"]
    with path.open("w") as file:
        for story in invented.make_stories(IMPORTED, datetime.now(UTC)):
            line = {
                "slug": story.slug, "headline": story.headline, "body": story.body, "region": regions[story.region],
                "status": "published", "published_at": story.moment.isoformat(),
                "tags": [names[tag] for tag in story.tags],
                "sources": [{"url": f"https://example.org/{story.slug}", "label": "The Example"}],
            }  # fmt: skip
            file.write(json.dumps(line) + "\n")
