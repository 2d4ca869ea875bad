"""`make bench`: measures everything, in order, and writes RESULTS.md and the plot after each measure.

SIZES chooses the archives, ONLY the measures by their names; what was measured before is kept otherwise.
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
    "kept_pages": (caching.kept_pages, ONE),
    "stale_pages": (freshness.stale_pages, BOTH),
    "wrong_books": (freshness.wrong_books, BOTH),
    "desk": (desk.desk, BOTH),
    "search": (searching.search, BOTH),
    "save": (writing.save, BOTH),
    "bulk_import": (writing.bulk_import, BOTH),
    "books": (writing.books, BOTH),
    "memory": (caching.memory, ["sqlite"]),
}
KEPT = DATA / "measured.json"


def main():
    sizes = [int(size) for size in os.environ.get("SIZES", "10000 100000 1000000").split()]
    DATA.mkdir(exist_ok=True)
    steps = [(name, vendor) for name, (_, vendors) in MEASURES.items() for vendor in vendors]
    wanted = os.environ.get("ONLY", "").split() or list(MEASURES)
    measured = json.loads(KEPT.read_text()) if KEPT.exists() and "ONLY" in os.environ else {}
    for size in sizes:
        for vendor in BOTH:
            archive(vendor, size)
    with tqdm([step for step in steps if step[0] in wanted]) as bar:
        for name, vendor in bar:
            bar.set_description(f"{name}, {VENDORS[vendor]}")
            measured[f"{name} {vendor}"] = measure(name, vendor, sizes).as_json()
            KEPT.write_text(json.dumps(measured))
    results = [
        Measured.from_json(measured[key]) for key in (f"{name} {vendor}" for name, vendor in steps) if key in measured
    ]
    report.write(results, sizes)
    plot.write(results)


def measure(name, vendor, sizes) -> Measured:
    """What it finds; a measure that fails says so in the table, and the others go on."""
    try:
        return MEASURES[name][0](vendor, sizes)
    except Exception as error:
        traceback.print_exc(file=sys.stderr)
        return Measured([Figure(f"{name}, {VENDORS[vendor]}", float("nan"), "", f"not measured: {error}")])


if __name__ == "__main__":
    main()
