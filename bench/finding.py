"""Finding a page, without rendering it: beside the plain query, and in a month that holds very many stories."""

from .databases import VENDORS, archive
from .measures import Figure, Measured


def naive(vendor: str, sizes: list[int]) -> Measured:
    """Count and ten stories by the plain Django query, and by ours; wall-clock time, in turns, in one process."""
    found = archive(vendor, max(sizes)).inside("finding", tag="harbour")
    detail = f"{VENDORS[vendor]}: {found['naive']:.1f} and {found['ours']:.2f} ms"
    aim = ">= 50" if vendor == "postgresql" else ""
    return Measured([Figure("plain query ÷ ours, count and first page", found["naive"] / found["ours"], aim, detail)])


def full_month(vendor: str, sizes: list[int]) -> Measured:
    """A tag whose stories, a tenth of the archive, are all of one moment."""
    found = archive(vendor, max(sizes)).inside("full_month", tag="flood")
    detail = f"{VENDORS[vendor]}: first {found['first']:.2f}, middle {found['middle']:.2f}, last {found['last']:.2f} ms"
    measure = f"{max(sizes) // 10:,} stories of one moment: finding the middle page, ms more than the first"
    return Measured([Figure(measure, found["middle"] - found["first"], "", detail)])
