"""Whatever is asked of any public address: an answer without an error, in few queries, and no way off the site."""

import gzip
import json
import logging
import sys
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.signals import got_request_exception
from django.db import connection
from hypothesis import given

from tests.inputs import IS_LONG, try_many
from tests.odd_requests import Request, made_up, public_routes, written_down
from tests.small_site import small_site
from tests.test_freshness import process
from tests.visitor import Answer, answer_to

pytestmark = pytest.mark.django_db
MOST_QUERIES, MOST_BYTES = 14, 100_000


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of lines of what is not found, not allowed and no host of ours say nothing."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def tokens():
    """Of the previews of a small site, an open one first."""
    return [address.split("/")[2] for address in small_site().values() if address.startswith("/preview/")]


@pytest.fixture
def ask(record_property):
    """Asks a process with a page cache, says whether the answer is one, and counts."""
    site, tried = process(), []

    def ask(request: Request) -> Answer:
        tried.append(request)
        with nothing_raised(), queries_counted() as queries:
            answer = answer_to(request.environ(), site)
        assert len(queries) <= MOST_QUERIES, [query[:200] for query in queries]
        check(answer, request)
        return answer

    yield ask
    record_property("inputs", len(tried))


@contextmanager
def nothing_raised():
    """Django makes a page of what its views raise; here, it is raised again."""
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
    """Django's own context keeps the last 9,000 of all."""
    queries = []

    def count(execute, sql, *rest):
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield queries


def check(answer: Answer, request: Request) -> None:
    assert answer.status < 500
    assert len(answer.body) <= MOST_BYTES
    zipped = answer.headers.get("content-encoding") == "gzip"
    body, kind = gzip.decompress(answer.body) if zipped else answer.body, answer.headers.get("content-type", "")
    if body and "xml" in kind:
        ElementTree.fromstring(body)  # noqa: S314 (our own)
    if body and "json" in kind:
        json.loads(body)


def target_of(answer: Answer) -> Request | None:
    """What a browser asks for next; nothing if it was not sent on."""
    if answer.status not in {301, 302, 303, 307, 308}:
        return None
    place = urlsplit(answer.headers["location"])
    assert (place.scheme, place.netloc) in {("", ""), ("http", "testserver")}, answer.headers["location"]
    assert place.path.startswith("/") and not place.path.startswith(("//", "/\\")), place.path
    return Request(unquote(place.path), place.query)


def test_every_public_address_answers_whatever_is_asked_of_it(ask, tokens):
    for request in written_down(tokens, every=1 if IS_LONG else 79):
        if sent_to := target_of(ask(request)):
            assert target_of(ask(sent_to)) is None, request


def test_every_public_address_answers_what_chance_asks(ask, tokens):
    @try_many
    @given(made_up(tokens))
    def answers(request):
        if sent_to := target_of(ask(request)):
            assert target_of(ask(sent_to)) is None

    answers()


def test_no_public_address_is_left_out():
    routes = public_routes()
    assert {"search/", "tags/<slug_or_name:slug>/feed.json", ".well-known/security.txt", "robots.txt"} <= set(routes)
    assert not [route for route in routes if route.startswith("admin")]
