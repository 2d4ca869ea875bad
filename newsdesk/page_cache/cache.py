"""Whole pages kept in the process, round Django: served again as long as the edition of the site is the same.

A view asks for it with `Cache-Control: public`; nothing else is kept, and nobody who carries a session is served
from here. What an edition is, is for `editions` to say; which pages are dropped first, for kept_pages.py.
"""

import gzip
import re
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from sys import intern
from threading import Lock

from django.conf import settings

from .cached_pages import CachedPages

# Of a kept page besides its text: its key, its headers, what Python needs to hold them.
OVERHEAD = 3_000
# Of a key and of an Accept-Encoding, in characters: no reader sends more, and both are kept beyond what the pages may take.
LONGEST_KEY, LONGEST_ENCODINGS = 2_000, 200
CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}


@dataclass(frozen=True, slots=True)
class CachedPage:
    edition: tuple
    etag: str
    headers: list[tuple[str, str]]
    zipped: bytes
    length: int

    @property
    def size(self) -> int:
        return len(self.zipped) + OVERHEAD

    @classmethod
    def of(cls, edition, headers, body: bytes) -> "CachedPage":
        # Weak, because one ETag stands for the page both plain and zipped.
        etag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
        kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "vary", "etag"}]
        # Most headers are the same on every page; interned, they are in memory once.
        kept = [(intern(name), intern(value)) for name, value in [*kept, ("Vary", "Accept-Encoding")]]
        return cls(edition, etag, [*kept, ("ETag", etag)], gzip.compress(body, mtime=0), len(body))


class PageCache:
    """A WSGI application round another. Requests to the `bypassed` paths pass through untouched."""

    def __init__(self, application, editions, *, most_bytes: int, outage: float, bypassed: tuple[str, ...]):
        self.application = application
        self.editions = editions
        self.outage = outage
        self.bypassed = bypassed
        self.pages = CachedPages(most_bytes)
        self._renderings: dict[tuple, Future] = {}
        self._lock = Lock()
        cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
        self._personal = re.compile(rf"(?:^|[;\s])(?:{'|'.join(map(re.escape, cookies))})=")

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith(self.bypassed):
            return self.application(environ, start_response)
        key = key_of(environ)
        if not self.is_anonymous(environ) or sum(len(part or "") for part in key) > LONGEST_KEY:
            return self.pass_on(environ, start_response)
        edition = self.editions.current()
        if edition is None:
            return self.do_without_database(key, environ, start_response)
        page = self.pages.get(key)
        if page is not None and page.edition == edition:
            return serve(page, environ, start_response)
        return self.render_once(key, edition, environ, start_response)

    def is_anonymous(self, environ) -> bool:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            return False
        cookie = environ.get("HTTP_COOKIE")
        return not cookie or not self._personal.search(cookie)

    def pass_on(self, environ, start_response):
        if self.editions.is_down:
            environ["newsdesk.database_is_down"] = True
        return self.application(environ, start_response)

    def do_without_database(self, key, environ, start_response):
        """The page as it was when the database last answered, for a limited time; else what Django makes of it."""
        page, age = self.pages.get(key), self.editions.age
        if page and page.edition == self.editions.latest and not page.edition.is_over and age <= self.outage:
            notice = [("Age", str(int(age))), ("Warning", '111 newsdesk "Revalidation Failed"')]
            return serve(page, environ, start_response, notice)
        return self.pass_on(environ, start_response)

    def render_once(self, key, edition, environ, start_response):
        """One renders; those who ask for the same page meanwhile wait for it."""
        # With the edition: who came after a change must not get a page that was begun before it.
        with self._lock:
            rendering = self._renderings.get((key, edition))
            is_first = rendering is None
            if is_first:
                rendering = self._renderings[key, edition] = Future()
        if not is_first:
            page = rendering.result()
            return serve(page, environ, start_response) if page else self.application(environ, start_response)
        page = None
        try:
            status, headers, body = ask(self.application, environ)
            if is_cacheable(status, headers):
                page = CachedPage.of(edition, headers, read(body))
                self.pages.put(key, page)
        finally:
            with self._lock:
                del self._renderings[key, edition]
            rendering.set_result(page)
        if page:
            return serve(page, environ, start_response)
        start_response(status, headers)
        return body if environ["REQUEST_METHOD"] == "GET" else [read(body)[:0]]


def key_of(environ) -> tuple:
    """All of a request that a public page may depend on."""
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
    return scheme, environ.get("HTTP_HOST"), environ["PATH_INFO"], environ.get("QUERY_STRING")


def ask(application, environ):
    """(status, headers, body) of what the application answers.

    A HEAD is asked as a GET, so that both are kept at once; and all as if nothing was known, so that there is a page.
    """
    answer = []
    asked = {name: value for name, value in environ.items() if name not in CONDITIONS}
    body = application({**asked, "REQUEST_METHOD": "GET"}, lambda *start: answer.extend(start))
    status, headers = answer[:2]
    return status, headers, body


def read(body) -> bytes:
    try:
        return b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()


def is_cacheable(status: str, headers) -> bool:
    said = {name.lower(): value.lower() for name, value in headers}
    return (
        status.startswith("200 ")
        and "public" in said.get("cache-control", "")
        and "set-cookie" not in said
        and said.get("vary", "accept-encoding") == "accept-encoding"
    )


def serve(page: CachedPage, environ, start_response, notice=()):
    headers = [*page.headers, *notice]
    if is_known(page.etag, environ.get("HTTP_IF_NONE_MATCH")):
        start_response("304 Not Modified", headers)
        return []
    if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")[:LONGEST_ENCODINGS]):
        body, length = page.zipped, len(page.zipped)
        headers.append(("Content-Encoding", "gzip"))
    else:
        body, length = None, page.length
    headers.append(("Content-Length", str(length)))
    start_response("200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [body or gzip.decompress(page.zipped)]


def is_known(etag: str, if_none_match: str | None) -> bool:
    """RFC 9110, 13.1.2: compared weakly."""
    if not if_none_match:
        return False
    known = {given.strip().removeprefix("W/") for given in if_none_match.split(",")}
    return etag.removeprefix("W/") in known or "*" in known


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """RFC 9110, 12.5.3: gzip is named, or everything is, and not with a weight of nought."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return weights.get("gzip", weights.get("*", False))
