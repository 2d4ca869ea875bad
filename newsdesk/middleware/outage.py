"""What readers and editors get while the database does not answer: 503 at once, and the advice to come back."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.shortcuts import render
from django.views.defaults import server_error

RETRY_AFTER = 30  # seconds


class OutageMiddleware:
    """Answers without trying the database when the page cache has just found it down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "newsdesk.database_is_down" in request.environ:
            return unavailable(request)
        return self.get_response(request)


def unavailable(request):
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    response = render(request, "503.html", status=503)
    for name, value in headers.items():
        response[name] = value
    return response


def unexpected_error(request):
    """The 500 page, or the 503 page when it was the database that did not answer."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError) and not connection.in_atomic_block:
        # PostgreSQL refuses what this connection has prepared, each time anew, once a migration altered a column of it.
        connection.close()
    is_outage = isinstance(error, OperationalError | InterfaceError)
    return unavailable(request) if is_outage else server_error(request)
