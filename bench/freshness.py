"""Stale pages after edits, and wrong books after many writers: each must be nought."""

import json
import subprocess
import sys

from .databases import ROOT, SCRATCH, VENDORS, Database, archive
from .measures import Figure, Measured
from .servers import newsdesk

EDITS = 1_000
WRITERS = 6


def stale_pages(vendor: str, sizes: list[int]) -> Measured:
    """After each edit every one of four processes is asked for the pages it changes, on the very next request."""
    database = Database(vendor, SCRATCH).copy_of(archive(vendor, min(sizes)))
    with newsdesk(database, workers=4, PAGE_CACHE_MEGABYTES="64") as server:
        found = database.inside("edits", port=server.port, workers=server.workers(), edits=EDITS)
    detail = f"{VENDORS[vendor]}: {found['asked']:,} pages asked of 4 processes, {found['kept']:,} of them once more, unchanged"
    return Measured([Figure(f"stale pages after {EDITS:,} edits", found["stale"], "<= 0", detail)])


def wrong_books(vendor: str, sizes: list[int]) -> Measured:
    """Six processes write at once: publish, withdraw, move, date, retag, merge, delete; one in ten is rolled back."""
    database = Database(vendor, SCRATCH).create()
    database.inside("newsroom")
    command = [sys.executable, "-m", "bench.inside", "writer"]
    writers = [
        subprocess.Popen(
            [*command, json.dumps({"seed": seed, "edits": EDITS})],
            env=database.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for seed in range(WRITERS)
    ]  # fmt: skip
    done = [json.loads(writer.communicate()[0].splitlines()[-1]) for writer in writers]
    wrong = database.inside("books")["wrong"]
    detail = (
        f"{VENDORS[vendor]}: {sum(one['made'] for one in done):,} edits made, "
        f"{sum(one['rolled_back'] for one in done):,} rolled back, "
        f"{sum(one['overtaken'] for one in done):,} overtaken by another writer, "
        f"{sum(one['failed'] for one in done)} failed (deadlocks, time-outs)"
    )
    return Measured([
        Figure(f"wrong copies and counts after {WRITERS} × {EDITS:,} edits at once", wrong, "<= 0", detail),
        Figure("edits that failed meanwhile", sum(one["failed"] for one in done), "<= 0", VENDORS[vendor]),
    ])  # fmt: skip
