"""Cost of rendering a page, by size of the archive and by page number; the page cache is off."""

from contextlib import ExitStack

from .databases import VENDORS, archive
from .load import Load, Target, compare
from .measures import Figure, Measured
from .servers import granian, newsdesk

TAG = "/tags/harbour/"


def page_cost(vendor: str, sizes: list[int]) -> Measured:
    """Measure CPU time of first, middle, last and other pages of the tag that is on a quarter of all stories."""
    largest, smallest, last = max(sizes), min(sizes), max(sizes) // 40
    numbers = sorted({1, last // 2, last, *(10**power for power in range(1, 6) if 10**power < last)})
    with ExitStack() as running:
        servers = {size: running.enter_context(newsdesk(archive(vendor, size))) for size in sizes}
        targets = {f"size {size}": Target(server, TAG) for size, server in servers.items() if size != largest}
        targets |= {f"page {number}": Target(servers[largest], make_path(number)) for number in numbers}
        loads = compare(targets)
    loads[f"size {largest}"] = loads["page 1"]
    first = loads["page 1"]
    figures = [
        ratio(f"page {last:,} ÷ page 1 of {largest:,} stories", loads[f"page {last}"], first, "<= 1.1", vendor),
        ratio(f"page {last // 2:,} ÷ page 1", loads[f"page {last // 2}"], first, "<= 1.1", vendor),
    ]
    if smallest != largest:
        small = loads[f"size {smallest}"]
        figures.append(ratio(f"page 1 at {largest:,} ÷ at {smallest:,} stories", first, small, "<= 1.1", vendor))
    name = VENDORS[vendor]
    curves = {
        f"size, {name}": [[size, loads[f"size {size}"].cpu] for size in sorted(sizes)],
        f"page, {name}": [[number, loads[f"page {number}"].cpu] for number in numbers],
    }
    return Measured(figures, curves)


def floor(vendor: str, sizes: list[int]) -> Measured:
    """Compare an uncached page with the lower bound in floor.py, whose SQL is PostgreSQL's."""
    database = archive("postgresql", max(sizes))
    with newsdesk(database) as site, granian("bench.floor:application", database) as floor_site:
        loads = compare({"ours": Target(site, TAG), "floor": Target(floor_site, TAG)})
    ours, least = loads["ours"], loads["floor"]
    detail = (
        f"{ours.requests_per_second:,.0f} and {least.requests_per_second:,.0f} a second; "
        f"CPU {ours.cpu:.2f} and {least.cpu:.2f} ms"
    )
    value = ours.requests_per_second / least.requests_per_second
    return Measured([Figure("uncached tag page ÷ hand-written floor, requests a second", value, ">= 0.15", detail)])


def ratio(measure: str, load: Load, base: Load, aim: str, vendor: str) -> Figure:
    detail = f"{VENDORS[vendor]}: CPU {load.cpu:.2f} and {base.cpu:.2f} ms a request"
    if vendor == "postgresql":
        detail += f", of which the database {load.database_cpu:.2f} and {base.database_cpu:.2f}"
    return Figure(f"{measure}, CPU", load.cpu / base.cpu, aim, detail)


def make_path(number: int) -> str:
    return TAG if number == 1 else f"{TAG}?page={number}"
