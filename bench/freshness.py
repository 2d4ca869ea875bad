"""Stale pages after edits, and wrong counts after concurrent writers: both must be zero."""

import json
import subprocess
import sys

from .databases import ROOT, SCRATCH, VENDORS, Database, archive
from .measures import Figure, Measured
from .servers import newsdesk

EDITS = 1_000
WRITERS = 6


def stale_pages(vendor: str, sizes: list[int]) -> Measured:
    """After each edit, request the pages it changes from each of four processes: the next request must show it."""
    database = Database(vendor, SCRATCH).copy_from(archive(vendor, min(sizes)))
    with newsdesk(database, workers=4, PAGE_CACHE_MEGABYTES="64") as server:
        found = database.run_inside("edits", port=server.port, workers=server.workers(), edits=EDITS)
    detail = (
        f"{VENDORS[vendor]}: {found['asked']:,} pages requested from 4 processes, "
        f"{found['repeated']:,} of them again, unchanged"
    )
    return Measured([Figure(f"stale pages after {EDITS:,} edits", found["stale"], "<= 0", detail)])


def wrong_counts(vendor: str, sizes: list[int]) -> Measured:
    """Let six processes write at once: publish, withdraw, move, date, retag, merge, delete; one in ten rolls back."""
    database = Database(vendor, SCRATCH).create()
    database.run_inside("newsroom")
    command = [sys.executable, "-m", "bench.inside", "writer"]
    writers = [
        subprocess.Popen(
            [*command, json.dumps({"seed": seed, "edits": EDITS})],
            env=database.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for seed in range(WRITERS)
    ]  # fmt: skip
    done = [json.loads(writer.communicate()[0].splitlines()[-1]) for writer in writers]
    wrong = database.run_inside("integrity")["wrong"]
    detail = (
        f"{VENDORS[vendor]}: {sum(one['made'] for one in done):,} edits made, "
        f"{sum(one['rolled_back'] for one in done):,} rolled back, "
        f"{sum(one['overtaken'] for one in done):,} overtaken by another writer, "
        f"{sum(one['failed'] for one in done)} failed (deadlocks, time-outs)"
    )
    return Measured([
        Figure(f"wrong copies and counts after {WRITERS} × {EDITS:,} concurrent edits", wrong, "<= 0", detail),
        Figure("failed concurrent edits", sum(one["failed"] for one in done), "<= 0", VENDORS[vendor]),
    ])  # fmt: skip
