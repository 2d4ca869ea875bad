"""Cached pages in memory, the least recently used dropped first."""

import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from sys import intern
from threading import Lock
from typing import Protocol

from .http import make_etag

# Bytes a page takes besides its body: its key, its headers, and Python's objects for them.
PAGE_OVERHEAD_BYTES = 3_000
# Serving a page sets these itself.
REPLACED_HEADERS = {"content-length", "vary", "etag"}


class SiteVersion(Protocol):
    """State of the site that pages are valid for. Pages of equal versions are equal."""

    @property
    def is_over(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A public page as rendered for one site version. The body is kept gzipped only."""

    version: SiteVersion
    etag: str
    headers: list[tuple[str, str]]
    gzipped_body: bytes
    body_length: int

    @property
    def size(self) -> int:
        """Estimate the memory it takes, in bytes."""
        return len(self.gzipped_body) + PAGE_OVERHEAD_BYTES

    @classmethod
    def from_response(cls, version: SiteVersion, headers: list[tuple[str, str]], body: bytes) -> "CachedPage":
        etag = make_etag(body)
        kept = [(name, value) for name, value in headers if name.lower() not in REPLACED_HEADERS]
        # Most headers are the same on every page; interned, they are in memory once.
        kept = [(intern(name), intern(value)) for name, value in [*kept, ("Vary", "Accept-Encoding")]]
        return cls(version, etag, [*kept, ("ETag", etag)], gzip.compress(body, mtime=0), len(body))


class CachedPages:
    """Thread-safe LRU store of pages, `max_bytes` in all."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._pages: OrderedDict[Hashable, CachedPage] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> CachedPage | None:
        """Return the page, now the most recently used, or None."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: CachedPage) -> None:
        """Store the page and drop others until all fit; a page larger than `max_bytes` is dropped too."""
        with self._lock:
            replaced = self._pages.pop(key, None)
            self._pages[key] = page
            self.bytes += page.size - (replaced.size if replaced else 0)
            while self.bytes > self.max_bytes:
                _, dropped = self._pages.popitem(last=False)
                self.bytes -= dropped.size
