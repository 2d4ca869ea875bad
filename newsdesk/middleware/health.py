"""/livez and /readyz, for whatever watches the process: answered before hosts, TLS and sessions are looked at.

They are a middleware and not views because a probe calls the process by its own address, over plain HTTP.
"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.answers = {"/livez": live, "/readyz": ready}

    def __call__(self, request):
        answer = self.answers.get(request.path_info)
        return answer() if answer else self.get_response(request)


def live() -> HttpResponse:
    """200 as long as the process answers at all; asks nothing of the database."""
    return _plain("ok", status=200)


def ready() -> HttpResponse:
    """200 when the database answers and every migration is applied, else 503 with what is wrong."""
    try:
        executor = MigrationExecutor(connection)
        missing = [
            f"{migration.app_label}.{migration.name}"
            for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())
        ]
    except DatabaseError as error:
        return _plain(f"database: does not answer ({type(error).__name__})", status=503)
    if missing:
        return _plain(f"migrations: not applied: {', '.join(missing)}", status=503)
    return _plain("ok", status=200)


def _plain(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})
