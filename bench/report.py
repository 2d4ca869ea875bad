"""Writes RESULTS.md: the table, the machine, the method."""

import math
import os
import platform
from datetime import date
from pathlib import Path

import django
import granian
import psycopg

from .databases import VENDORS, archive

PATH = Path(__file__).parent / "RESULTS.md"
TEXT = """# What Newsdesk costs

Measured by `make bench` on {day}, with archives of {sizes} stories: invented ones, of about 110 words, over twenty years, with
four tags each of 2,000, one tag on a quarter of all, and 48,000 rare tags. {machine}.

![What a page costs, by the size of the archive and by its number](page-cost.svg)

| measure | figure | aim | | how |
| --- | --- | --- | --- | --- |
{rows}

## Method

- Whatever is compared is measured in one run, in turns: five rounds of two seconds each. Of speeds the median counts, of
  CPU times the least, because what else a machine does only adds to them. The ratios say more than the figures.
- Requests come from `wrk` on the loopback, 32 connections, one thread. Newsdesk is served as `bin/start` does it, by
  granian with two processes of four threads, with production settings; the page cache is off unless it is what is measured.
- CPU time is that of the server's processes and of PostgreSQL's, user and kernel, as the kernel counts it, divided
  by the requests done. The tag is the one on a quarter of all stories.
- The plain query joins tags, filters by status and date, orders by date, counts all and takes ten.
- The editor's screens are asked in a process of their own, without a server of HTTP, by an editor who works on the newest
  300 stories; five rounds of forty requests for each archive, in turns. The tag box is asked for letters out of all tags' names.
- Stale pages: four processes with the page cache on; after each edit every one is asked, on a connection of its own,
  for the pages that the edit changed.
- The disk takes {megabytes} MB for the archives, in `bench/data/`. `SIZES="10000"` measures on a small one only,
  `ONLY="floor naive"` measures those again and keeps the rest.
"""


def write(results: list, sizes: list[int]) -> None:
    rows = [row(figure) for measured in results for figure in measured.figures]
    sizes = sorted(sizes)
    kept = [archive(vendor, size).size() for vendor in VENDORS for size in sizes]
    PATH.write_text(
        TEXT.format(
            day=f"{date.today():%-d %B %Y}",
            sizes=" and ".join(f"{size:,}" for size in sizes),
            machine=machine(),
            rows="\n".join(rows),
            megabytes=f"{sum(kept) / 1e6:,.0f}",
        )
    )


def row(figure) -> str:
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
