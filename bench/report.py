"""Write RESULTS.md: the table, the machine and the method."""

import math
import os
import platform
from datetime import date
from pathlib import Path

import django
import granian
import psycopg

from .databases import VENDORS, archive
from .measures import Figure, Measured

PATH = Path(__file__).parent / "RESULTS.md"
TEXT = """# Benchmarks

Measured by `make bench` on {day}, with archives of {sizes} stories.
The stories are synthetic: about 110 words each, over twenty years, with four of 2,000 tags. One tag is on a quarter of all
stories. There are also 48,000 rare tags.
Machine: {machine}.

![Cost of a page, by size of the archive and by page number](page-cost.svg)

| measure | figure | aim | | details |
| --- | --- | --- | --- | --- |
{rows}

## Method

- Measures that are compared run alternately in one run: five rounds of two seconds each. The speed is the median of the
  rounds. The CPU time is the least, because other work on the machine only adds to it. Trust the ratios more than the
  figures.
- `wrk` sends requests over the loopback interface: 32 connections, one thread. Newsdesk is served as by `bin/start`: by
  granian with two processes of four threads and production settings. The page cache is off unless it is being measured.
- CPU time is the user and system time of the web server's and PostgreSQL's processes, as the kernel counts it, divided
  by the number of requests. The tag is the one on a quarter of all stories.
- The plain query joins tags, filters by status and date, orders by date, counts all stories and takes ten.
- The editors' screens are requested in a separate process without an HTTP server, by an editor who works on the newest
  300 stories: five rounds of forty requests for each archive, alternately. The tag box gets letters from random tag names.
- Stale pages: four processes with the page cache on. After each edit, every process is asked, on its own connection,
  for the pages that the edit changed.
- The archives in `bench/data/` take {megabytes} MB. `SIZES="10000"` measures on a small archive only.
  `ONLY="floor naive"` repeats these measures and keeps the other results.
"""


def write(results: list[Measured], sizes: list[int]) -> None:
    rows = [row(figure) for measured in results for figure in measured.figures]
    sizes = sorted(sizes)
    bytes_on_disk = [archive(vendor, size).size() for vendor in VENDORS for size in sizes]
    PATH.write_text(
        TEXT.format(
            day=f"{date.today():%-d %B %Y}",
            sizes=" and ".join(f"{size:,}" for size in sizes),
            machine=machine(),
            rows="\n".join(rows),
            megabytes=f"{sum(bytes_on_disk) / 1e6:,.0f}",
        )
    )


def row(figure: Figure) -> str:
    value = "none" if math.isnan(figure.value) else f"{figure.value:,.2f}".removesuffix(".00")
    if figure.value >= 100:
        value = f"{figure.value:,.0f}"
    aim = figure.aim.replace("<=", "≤").replace(">=", "≥")
    return f"| {figure.measure} | {value} | {aim} | {figure.verdict} | {figure.detail} |"


def machine() -> str:
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores, {gigabytes:.0f} GB; Python {platform.python_version()}, Django {django.__version__}, "
        f"granian {granian.__version__}, psycopg {psycopg.__version__}"
    )
