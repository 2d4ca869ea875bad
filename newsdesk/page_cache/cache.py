"""WSGI wrapper around Django that answers public pages from memory while the site version is unchanged.

A view makes a page public with `Cache-Control: public`; no other response is stored. Requests with a session, and
requests that write, always reach Django.
"""

import gzip
import re
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Lock
from typing import Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

from .cached_pages import CachedPage, CachedPages, SiteVersion
from .http import MAX_ACCEPT_ENCODING_CHARS, accepts_gzip, etag_matches, is_cacheable

# No reader sends a longer URL. CachedPages doesn't count keys, so pages with longer ones aren't stored.
MAX_KEY_CHARS = 2_000
CONDITIONAL_HEADERS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}

# Everything in a request that a public page may depend on: scheme, host, path, query.
Key = tuple[str, str | None, str, str | None]


class SiteVersionTracker(Protocol):
    """Source of the site version: stories.listings.site_version has the real one."""

    @property
    def is_down(self) -> bool:
        """True if the database failed to answer a moment ago."""

    @property
    def age(self) -> float:
        """Seconds since `latest` was last confirmed."""

    @property
    def latest(self) -> SiteVersion | None:
        """The version known last, without asking the database."""

    def current(self) -> SiteVersion | None:
        """Return the version now, or None while the database does not answer."""


class PageCache:
    """A WSGI application in front of another one. Requests to `bypassed_paths` are passed on untouched.

    While the database is down, pages are served for at most `max_outage_seconds`.
    """

    def __init__(
        self,
        application: WSGIApplication,
        tracker: SiteVersionTracker,
        *,
        max_bytes: int,
        max_outage_seconds: float,
        bypassed_paths: tuple[str, ...],
    ) -> None:
        self.application = application
        self.tracker = tracker
        self.max_outage_seconds = max_outage_seconds
        self.bypassed_paths = bypassed_paths
        self.pages = CachedPages(max_bytes)
        self._renderings: dict[tuple[Key, SiteVersion], Future[CachedPage | None]] = {}
        self._lock = Lock()
        cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
        self._personal_cookie = re.compile(rf"(?:^|[;\s])(?:{'|'.join(map(re.escape, cookies))})=")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(self.bypassed_paths):
            return self.application(environ, start_response)
        key = make_key(environ)
        if not self.is_anonymous(environ) or sum(len(part or "") for part in key) > MAX_KEY_CHARS:
            return self.pass_on(environ, start_response)
        # Ask before rendering: a change made during the rendering then makes the page outdated, never the reverse.
        version = self.tracker.current()
        if version is None:
            return self.serve_without_database(key, environ, start_response)
        page = self.pages.get(key)
        if page is not None and page.version == version:
            return serve(page, environ, start_response)
        return self.render_once(key, version, environ, start_response)

    def is_anonymous(self, environ: WSGIEnvironment) -> bool:
        """Return True if the request only reads and carries no session, message or password."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
            return False
        cookie = environ.get("HTTP_COOKIE")
        return not cookie or not self._personal_cookie.search(cookie)

    def pass_on(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer; OutageMiddleware answers at once when the database is known to be down."""
        if self.tracker.is_down:
            environ["newsdesk.database_is_down"] = True
        return self.application(environ, start_response)

    def serve_without_database(
        self, key: Key, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve the page of the latest known version for a limited time; else let Django answer."""
        page, age = self.pages.get(key), self.tracker.age
        if page and page.version == self.tracker.latest and not page.version.is_over and age <= self.max_outage_seconds:
            warning = [("Age", str(int(age))), ("Warning", '111 newsdesk "Revalidation Failed"')]
            return serve(page, environ, start_response, warning)
        return self.pass_on(environ, start_response)

    def render_once(
        self, key: Key, version: SiteVersion, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Render and store the page; concurrent requests for the same page wait for it."""
        # The version is part of the key: a request after a change must not get a page begun before the change.
        with self._lock:
            rendering = self._renderings.get((key, version))
            is_first = rendering is None
            if rendering is None:
                rendering = self._renderings[key, version] = Future()
        if not is_first:
            page = rendering.result()
            return serve(page, environ, start_response) if page else self.application(environ, start_response)
        page = None
        try:
            status, headers, body = fetch_page(self.application, environ)
            if is_cacheable(status, headers):
                page = CachedPage.from_response(version, headers, read_body(body))
                self.pages.put(key, page)
        finally:
            with self._lock:
                del self._renderings[key, version]
            rendering.set_result(page)
        if page:
            return serve(page, environ, start_response)
        start_response(status, headers)
        return body if environ["REQUEST_METHOD"] == "GET" else [read_body(body)[:0]]


def make_key(environ: WSGIEnvironment) -> Key:
    scheme = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
    return scheme, environ.get("HTTP_HOST"), environ["PATH_INFO"], environ.get("QUERY_STRING")


def fetch_page(
    application: WSGIApplication, environ: WSGIEnvironment
) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """Return the application's (status, headers, body) for an unconditional GET.

    A HEAD is asked as a GET, and conditional headers are left out, so that there is a body to store.
    """
    answer: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        answer.append((status, headers))
        return refuse_write

    unconditional = {name: value for name, value in environ.items() if name not in CONDITIONAL_HEADERS}
    body = application({**unconditional, "REQUEST_METHOD": "GET"}, start_response)
    status, headers = answer[0]
    return status, headers, body


def refuse_write(data: bytes) -> None:
    raise NotImplementedError("Django never calls WSGI's write(), so the page cache does not support it.")


def read_body(body: Iterable[bytes]) -> bytes:
    """Return the whole body and close it, as WSGI servers do."""
    try:
        return b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()


def serve(
    page: CachedPage,
    environ: WSGIEnvironment,
    start_response: StartResponse,
    extra_headers: Iterable[tuple[str, str]] = (),
) -> Iterable[bytes]:
    """Answer with the page: gzipped if the client takes it, or 304 if the client has it."""
    headers = [*page.headers, *extra_headers]
    if etag_matches(page.etag, environ.get("HTTP_IF_NONE_MATCH")):
        start_response("304 Not Modified", headers)
        return []
    is_gzipped = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")[:MAX_ACCEPT_ENCODING_CHARS])
    if is_gzipped:
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(page.gzipped_body) if is_gzipped else page.body_length)))
    start_response("200 OK", headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [page.gzipped_body if is_gzipped else gzip.decompress(page.gzipped_body)]
