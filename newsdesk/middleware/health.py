"""Health checks at /livez and /readyz, answered before hosts, TLS and sessions are checked.

They are a middleware because a probe calls the process by its IP address over plain HTTP; ALLOWED_HOSTS and the
redirect to https would refuse that to a view.
"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.checks = {"/livez": check_alive, "/readyz": check_ready}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        check = self.checks.get(request.path_info)
        return check() if check else self.get_response(request)


def check_alive() -> HttpResponse:
    """Return 200. No query."""
    return _render("ok", status=200)


def check_ready() -> HttpResponse:
    """Return 200 if the database answers and every migration is applied, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        missing = [
            f"{migration.app_label}.{migration.name}"
            for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())
        ]
    except DatabaseError as error:
        return _render(f"database: does not answer ({type(error).__name__})", status=503)
    if missing:
        return _render(f"migrations: not applied: {', '.join(missing)}", status=503)
    return _render("ok", status=200)


def _render(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
