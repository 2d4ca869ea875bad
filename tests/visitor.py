"""A reader without a browser: asks a WSGI application for a page, as a server would."""

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from wsgiref.util import setup_testing_defaults

from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def visit(application, path: str = "/", method: str = "GET", **headers) -> Answer:
    """`headers` as in `accept_encoding="gzip"`."""
    path, _, query = path.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "HTTP_HOST": "testserver"}
    environ |= {"wsgi.input": BytesIO()} | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return answer_to(environ, application)


def answer_to(environ: dict, application) -> Answer:
    """Return an application's answer to a WSGI request."""
    setup_testing_defaults(environ)
    answer = []
    with transaction_left_open():
        body = application(environ, lambda status, headers, exc_info=None: answer.extend([status, headers]))
        text = b"".join(body)
        if hasattr(body, "close"):
            body.close()
    return Answer(int(answer[0][:3]), {name.lower(): value for name, value in answer[1]}, text)


@contextmanager
def transaction_left_open():
    """Keep the connection open: Django closes connections around requests, and so would end a TestCase's transaction."""
    signals = [request_started, request_finished] if connection.in_atomic_block else []
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
