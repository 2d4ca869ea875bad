"""Finding the stories of a page, without rendering: against the plain query, and in one very full month."""

from .databases import VENDORS, archive
from .measures import Figure, Measured


def naive(vendor: str, sizes: list[int]) -> Measured:
    """Compare count and first ten stories by the plain Django query and by Listing; wall-clock time, alternating."""
    found = archive(vendor, max(sizes)).run_inside("finding", tag="harbour")
    detail = f"{VENDORS[vendor]}: {found['naive']:.1f} and {found['ours']:.2f} ms"
    aim = ">= 50" if vendor == "postgresql" else ""
    return Measured(
        [Figure("plain query ÷ Listing, count and first page", found["naive"] / found["ours"], aim, detail)]
    )


def full_month(vendor: str, sizes: list[int]) -> Measured:
    """Find pages of a tag whose stories, a tenth of the archive, all have the same publish date and time."""
    found = archive(vendor, max(sizes)).run_inside("full_month", tag="flood")
    detail = f"{VENDORS[vendor]}: first {found['first']:.2f}, middle {found['middle']:.2f}, last {found['last']:.2f} ms"
    measure = f"{max(sizes) // 10:,} stories published at one moment: middle page minus first page, ms"
    return Measured([Figure(measure, found["middle"] - found["first"], "", detail)])
