"""Responses while the database is down: 503 at once, with Retry-After."""

import sys
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.defaults import server_error

RETRY_AFTER_SECONDS = 30


class OutageMiddleware:
    """Answer 503 without trying the database if the page cache has just found it down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "newsdesk.database_is_down" in request.META:
            return render_unavailable(request)
        return self.get_response(request)


def render_unavailable(request: HttpRequest) -> HttpResponse:
    response = render(request, "503.html", status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    response["Cache-Control"] = "no-store"
    return response


def handle_error(request: HttpRequest) -> HttpResponse:
    """Render the 503 page if the database caused the error, else the 500 page."""
    error = sys.exc_info()[1]
    if isinstance(error, DatabaseError) and not connection.in_atomic_block:
        # PostgreSQL keeps refusing a prepared statement after a migration altered its columns: drop the connection.
        connection.close()
    is_outage = isinstance(error, OperationalError | InterfaceError)
    return render_unavailable(request) if is_outage else server_error(request)
