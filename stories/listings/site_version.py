"""The site version that cached pages are valid for, as one process knows it.

A version ends with the next write that readers can see, because triggers then raise its number. It also ends when the
next scheduled story becomes live, and at midnight, because every page shows the date.
"""

import select
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections
from django.utils import timezone

from stories.models import SiteVersion, Story

from .months import midnight

SELECT_NUMBER = f"SELECT number FROM {SiteVersion._meta.db_table}"  # noqa: S608 (a name of our own)
# After a failure nobody asks for so long, or a database that hangs would hold up every reader.
RETRY_PAUSE_SECONDS = 1.0
# The answer takes a tenth of a millisecond when all is well.
ANSWER_TIMEOUT_MS = 1_000
NEVER = float("-inf")


class NoAnswer(OperationalError):
    """The database accepts queries and does not answer. Asking again would make readers wait twice."""


class CurrentVersion(NamedTuple):
    """A site version and the time at which it ends even without a write."""

    number: int
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()


class SiteVersionTracker:
    """The site version, asked for at most once every `staleness` seconds; on each call with 0. Threads share it."""

    def __init__(self, staleness: float = 0) -> None:
        self.staleness = staleness
        self.latest: CurrentVersion | None = None
        # Moments of the monotonic clock.
        self._confirmed_at = self._failed_at = NEVER
        self._asking = Lock()

    def current(self) -> CurrentVersion | None:
        """Return the version now, or None while the database does not answer. At most one small query.

        A second query follows when the version is a new one. Call this before rendering a page: a write during the
        rendering then ends the version, so that no page counts as newer than it is.

            confirmed within the staleness              the latest version, without a query
            failed less than a second ago               None: don't let every reader wait
            failed before, another thread asks again    None: don't wait for its answer
            otherwise                                   ask, one thread at a time
        """
        called_at = time.monotonic()
        if self._is_confirmed_since(called_at - self.staleness):
            return self.latest
        if self.is_down or self._is_trying_again:
            return None
        with self._asking:
            # If another thread asked after this call began, its answer is fresh enough.
            if not self._is_confirmed_since(called_at) and not self.is_down:
                self._ask()
            return None if self.is_down else self.latest

    @property
    def is_down(self) -> bool:
        """True if the database failed to answer a moment ago. No query."""
        return time.monotonic() - self._failed_at < RETRY_PAUSE_SECONDS

    @property
    def age(self) -> float:
        """Seconds since `latest` was last confirmed."""
        return time.monotonic() - self._confirmed_at

    @property
    def _is_trying_again(self) -> bool:
        return self._failed_at != NEVER and self._asking.locked()

    def _is_confirmed_since(self, moment: float) -> bool:
        return self._confirmed_at > moment and self.latest is not None and not self.latest.is_over

    def _ask(self) -> None:
        began_at = time.monotonic()
        try:
            number = ask_twice(read_number)
            if self.latest is None or self.latest.number != number or self.latest.is_over:
                self.latest = CurrentVersion(number, next_end())
            self._confirmed_at, self._failed_at = began_at, NEVER
        except DatabaseError:
            self._failed_at = time.monotonic()


def ask_twice(question: Callable[[], int]) -> int:
    """Ask again on a new connection if the first one fails: it may have been lost since it was last used."""
    try:
        return question()
    except NoAnswer:
        connection.close()
        raise
    except DatabaseError:
        connection.close()
        return question()


def read_number() -> int:
    """Return the number of the site version. One query.

    It uses the driver's connection, because every cached page pays for it. CPU time on SQLite and PostgreSQL: 6 and 29 µs,
    by Django's cursor 13 and 51 µs, by the ORM 98 and 185 µs.
    """
    # One look-up: each one through `django.db.connection`, and each ensure_connection(), costs a third of the query.
    database = connections[DEFAULT_DB_ALIAS]
    if database.connection is None:
        database.ensure_connection()
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            return database.connection.execute(SELECT_NUMBER).fetchone()[0]
        return int(ask_postgresql(database.connection.pgconn))


def ask_postgresql(pgconn: Any) -> bytes:
    """Return the number over libpq, with a time limit. `pgconn` is psycopg's PGconn.

    Raises OperationalError; the connection can't be used any more then.
    """
    pgconn.send_query(SELECT_NUMBER.encode())
    pgconn.flush()
    waiting = select.poll()
    waiting.register(pgconn.socket, select.POLLIN)
    while pgconn.is_busy():
        if not waiting.poll(ANSWER_TIMEOUT_MS):
            raise NoAnswer(f"The database did not answer within {ANSWER_TIMEOUT_MS} ms.")
        pgconn.consume_input()
    answer = pgconn.get_result()
    if answer is None or (number := answer.get_value(0, 0)) is None:
        raise OperationalError("The database closed the connection.")
    pgconn.get_result()  # None ends the answer; without reading it, the connection refuses the next query
    return number


def next_end() -> datetime:
    """Return when the next scheduled story becomes live, or midnight if that is earlier. One query of an index's first row."""
    scheduled = Story.objects.filter(live_at__gt=timezone.now()).order_by("live_at", "pk")
    tomorrow = midnight(timezone.localdate() + timedelta(days=1))
    return min(tomorrow, scheduled.values_list("live_at", flat=True).first() or tomorrow)
