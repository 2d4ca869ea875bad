"""Entry point of `make bench`: run every measure and write RESULTS.md and the plot.

SIZES chooses the archives. ONLY chooses measures by name; results of the others are kept from earlier runs.
"""

import json
import os
import sys
import traceback

from tqdm import tqdm

from . import caching, desk, finding, freshness, pages, plot, report, searching, writing
from .databases import DATA, VENDORS, archive
from .measures import Figure, Measured

BOTH, ONE = list(VENDORS), ["postgresql"]
MEASURES = {
    "page_cost": (pages.page_cost, BOTH),
    "naive": (finding.naive, BOTH),
    "full_month": (finding.full_month, BOTH),
    "floor": (pages.floor, ONE),
    "cached_pages": (caching.cached_pages, ONE),
    "stale_pages": (freshness.stale_pages, BOTH),
    "wrong_counts": (freshness.wrong_counts, BOTH),
    "desk": (desk.desk, BOTH),
    "search": (searching.search, BOTH),
    "save": (writing.save, BOTH),
    "bulk_import": (writing.bulk_import, BOTH),
    "integrity": (writing.integrity, BOTH),
    "memory": (caching.memory, ["sqlite"]),
}
SAVED = DATA / "measured.json"


def main() -> None:
    sizes = [int(size) for size in os.environ.get("SIZES", "10000 100000 1000000").split()]
    DATA.mkdir(exist_ok=True)
    steps = [(name, vendor) for name, (_, vendors) in MEASURES.items() for vendor in vendors]
    wanted = os.environ.get("ONLY", "").split() or list(MEASURES)
    measured = json.loads(SAVED.read_text()) if SAVED.exists() and "ONLY" in os.environ else {}
    for size in sizes:
        for vendor in BOTH:
            archive(vendor, size)
    with tqdm([step for step in steps if step[0] in wanted]) as bar:
        for name, vendor in bar:
            bar.set_description(f"{name}, {VENDORS[vendor]}")
            measured[f"{name} {vendor}"] = measure(name, vendor, sizes).as_json()
            SAVED.write_text(json.dumps(measured))
    results = [
        Measured.from_json(measured[key]) for key in (f"{name} {vendor}" for name, vendor in steps) if key in measured
    ]
    report.write(results, sizes)
    plot.write(results)


def measure(name: str, vendor: str, sizes: list[int]) -> Measured:
    """Run one measure. If it fails, return a figure that says so: the other measures go on."""
    try:
        return MEASURES[name][0](vendor, sizes)
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        return Measured([Figure(f"{name}, {VENDORS[vendor]}", float("nan"), "", f"not measured: {error}")])


if __name__ == "__main__":
    main()
