"""Cached pages: the cost of serving them, and their memory."""

import gzip
import http.client
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from .databases import archive
from .load import GZIP, Target, compare
from .measures import Figure, Measured
from .pages import TAG
from .processes import resident_megabytes
from .servers import Server, newsdesk, nginx

MEGABYTES = 32
CRAWL = 26_000


def cached_pages(vendor: str, sizes: list[int]) -> Measured:
    """Compare a cached page, gzipped, with the same bytes as a static file of nginx."""
    size = max(sizes)
    with ExitStack() as running:
        servers = {
            name: running.enter_context(
                newsdesk(archive(vendor, size), PAGE_CACHE_MEGABYTES="64", PAGE_CACHE_STALENESS=staleness)
            )
            for name, vendor, staleness in (
                ("PostgreSQL, version checked on each hit", "postgresql", "0"),
                ("PostgreSQL, staleness 1 s", "postgresql", "1"),
                ("SQLite, version checked on each hit", "sqlite", "0"),
            )
        }
        page = fetch(next(iter(servers.values())), TAG)
        static = running.enter_context(nginx({"page.html.gz": gzip.compress(page), "page.html": page}))
        targets = {name: Target(server, TAG, GZIP) for name, server in servers.items()}
        loads = compare(targets | {"nginx": Target(static, "/page.html", GZIP)})
    limit = loads.pop("nginx")
    figures = []
    for name, load in loads.items():
        detail = (
            f"{load.requests_per_second:,.0f} and {limit.requests_per_second:,.0f} a second; "
            f"CPU {1000 * load.cpu:.0f} and {1000 * limit.cpu:.0f} µs"
        )
        value = load.requests_per_second / limit.requests_per_second
        aim = ">= 0.2" if name.startswith("PostgreSQL, version") else ">= 0.45"
        figures.append(Figure(f"cached page ÷ nginx static .gz, {name}", value, aim, detail))
    return Measured(figures)


def memory(vendor: str, sizes: list[int]) -> Measured:
    """Compare the growth of a worker's memory during a crawl with PAGE_CACHE_MEGABYTES, which bounds the cache."""
    last = max(sizes) // 40
    crawl = [f"{TAG}?page={number}" for number in range(2, last + 1)]
    crawl = (crawl + [f"/?page={number}" for number in range(2, max(sizes) // 10)])[:CRAWL]
    with newsdesk(archive("sqlite", max(sizes)), workers=1, PAGE_CACHE_MEGABYTES=str(MEGABYTES)) as server:
        (worker,) = server.workers()[-1:]
        read(server, crawl[:500])
        before = resident_megabytes(worker)
        read(server, crawl)
        grown = resident_megabytes(worker) - before
    detail = f"grew by {grown:.0f} MB from {before:.0f} MB over {len(crawl):,} pages; PAGE_CACHE_MEGABYTES={MEGABYTES}"
    return Measured([Figure("growth of a worker in a crawl ÷ the setting", grown / MEGABYTES, "<= 1.5", detail)])


def read(server: Server, paths: list[str]) -> None:
    with ThreadPoolExecutor(4) as readers:
        # list() fetches the results, so that an error in a thread is raised here.
        list(readers.map(lambda part: read_all(server, paths[part::4]), range(4)))


def read_all(server: Server, paths: list[str]) -> None:
    connection = server.connect()
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path} answered {answer.status}")


def fetch(server: Server, path: str) -> bytes:
    connection = server.connect()
    connection.request("GET", path)
    return connection.getresponse().read()
