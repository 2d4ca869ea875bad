"""Odd requests to every public path: no server error, few queries, and no redirect to another site.

`make test` sends one in SAMPLE of the listed requests, others each day; `make fuzz` sends all.
"""

import gzip
import json
import logging
import os
import sys
from contextlib import contextmanager
from datetime import date
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.signals import got_request_exception
from django.db import connection
from hypothesis import given

from tests.inputs import IS_LONG, try_many
from tests.odd_requests import Request, generated_requests, listed_requests, public_routes
from tests.small_site import small_site
from tests.test_freshness import process
from tests.visitor import Answer, answer_to

pytestmark = pytest.mark.django_db
MAX_QUERIES, MAX_BYTES = 14, 100_000
SAMPLE = 1 if IS_LONG else 199
# To repeat another day's sample: DAY=739583 pytest tests/test_fuzz.py
DAY = int(os.environ.get("DAY", date.today().toordinal()))


@pytest.fixture(autouse=True)
def quiet():
    """Silence thousands of log lines about missing pages, methods and hosts."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def tokens():
    """Make a small site and return the tokens of its preview links, an open one first."""
    return [address.split("/")[2] for address in small_site().values() if address.startswith("/preview/")]


@pytest.fixture
def ask(record_property):
    """Return a function that sends a request to a process with a page cache, checks the answer, and counts."""
    site, tried = process(), []

    def ask(request: Request) -> Answer:
        tried.append(request)
        with nothing_raised(), queries_counted() as queries:
            answer = answer_to(request.environ(), site)
        assert len(queries) <= MAX_QUERIES, [query[:200] for query in queries]
        check(answer, request)
        return answer

    yield ask
    record_property("inputs", len(tried))


@contextmanager
def nothing_raised():
    """Raise what a view raised, instead of Django's page for it."""
    raised = []

    def keep(sender, **kwargs):
        raised.append(sys.exc_info()[1])

    got_request_exception.connect(keep)
    try:
        yield
    finally:
        got_request_exception.disconnect(keep)
    if raised:
        raise raised[0]


@contextmanager
def queries_counted():
    """Collect the queries of one request. Django's CaptureQueriesContext keeps those of all, 9,000 at most."""
    queries = []

    def count(execute, sql, *rest):
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield queries


def check(answer: Answer, request: Request) -> None:
    assert answer.status < 500
    assert len(answer.body) <= MAX_BYTES
    zipped = answer.headers.get("content-encoding") == "gzip"
    body, kind = gzip.decompress(answer.body) if zipped else answer.body, answer.headers.get("content-type", "")
    if body and "xml" in kind:
        ElementTree.fromstring(body)  # noqa: S314 (our own)
    if body and "json" in kind:
        json.loads(body)


def redirect_target(answer: Answer) -> Request | None:
    """Return the request that a browser makes next, or None if the answer is no redirect."""
    if answer.status not in {301, 302, 303, 307, 308}:
        return None
    place = urlsplit(answer.headers["location"])
    assert (place.scheme, place.netloc) in {("", ""), ("http", "testserver")}, answer.headers["location"]
    assert place.path.startswith("/") and not place.path.startswith(("//", "/\\")), place.path
    return Request(unquote(place.path), place.query)


def test_every_public_path_answers_listed_requests(ask, tokens):
    for request in listed_requests(tokens, every=SAMPLE, offset=DAY):
        if sent_to := redirect_target(ask(request)):
            assert redirect_target(ask(sent_to)) is None, (request, DAY)


def test_every_public_path_answers_generated_requests(ask, tokens):
    @try_many
    @given(generated_requests(tokens))
    def answers(request):
        if sent_to := redirect_target(ask(request)):
            assert redirect_target(ask(sent_to)) is None

    answers()


def test_no_public_route_is_left_out():
    routes = public_routes()
    assert {"search/", "tags/<slug_or_name:slug>/feed.json", ".well-known/security.txt", "robots.txt"} <= set(routes)
    assert not [route for route in routes if route.startswith("admin")]
