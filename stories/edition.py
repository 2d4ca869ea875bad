"""Which edition of the site readers get now: all that they see from one change to the next.

An edition ends with the next write that readers can see, or when the next scheduled story's time comes. What is
kept of it is for the page cache to say.
"""

import select
import time
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from .models import SiteVersion, Story

VERSION = f"SELECT number FROM {SiteVersion._meta.db_table}"  # noqa: S608 (a name of our own)
# How long after a failure nobody asks again, so that a database that hangs does not hold every reader up.
PAUSE = 1.0
# How long an answer may take, which comes in a tenth of a millisecond when all is well.
PATIENCE = 2
NEVER = float("-inf")


class Edition(NamedTuple):
    number: int
    ends_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()


class Editions:
    """A process's knowledge of the current edition, never older than `staleness` seconds when asked for it."""

    def __init__(self, staleness: float = 0):
        self.staleness = staleness
        self.latest: Edition | None = None
        self._seen_at = self._failed_at = NEVER
        self._attempt = Lock()

    def current(self) -> Edition | None:
        """One small query, and one more when the edition is a new one; none within the staleness.

        Ask before rendering: what is written after that makes another edition, so that a page is never taken for
        newer than it is. None while the database does not answer.
        """
        asked_at = time.monotonic()
        if self.latest and asked_at - self._seen_at < self.staleness and not self.latest.is_over:
            return self.latest
        try:
            latest = self._ask()
        except DatabaseError:
            return None
        self.latest, self._seen_at = latest, asked_at
        return latest

    @property
    def is_down(self) -> bool:
        """Whether the database failed to answer a moment ago. No query."""
        return time.monotonic() - self._failed_at < PAUSE

    @property
    def age(self) -> float:
        """Seconds since the latest edition was known to be the current one."""
        return time.monotonic() - self._seen_at

    def _ask(self):
        if self._failed_at == NEVER:
            return self._look()
        # It was down: one tries whether it still is, the others don't wait for the answer.
        if self.is_down or not self._attempt.acquire(blocking=False):
            raise OperationalError("The database did not answer a moment ago.")
        try:
            return self._look()
        finally:
            self._attempt.release()

    def _look(self):
        try:
            number = answered(read_number)
            latest = self.latest
            if latest is None or latest.number != number or latest.is_over:
                latest = Edition(number, next_scheduled())
        except DatabaseError:
            self._failed_at = time.monotonic()
            raise
        self._failed_at = NEVER
        return latest


def answered(question):
    """What the database says; asked twice, because the connection may have been lost since it was last used."""
    try:
        return question()
    except DatabaseError:
        connection.close()
        return question()


def read_number() -> int:
    """The number of the version. One query, past Django's cursors and psycopg's, which would double its cost."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            return connection.connection.execute(VERSION).fetchone()[0]
        return int(ask_postgresql(connection.connection.pgconn))


def ask_postgresql(link) -> bytes:
    """The same over libpq, with a limit to the waiting. Raises OperationalError; the connection is then of no use."""
    link.send_query(VERSION.encode())
    link.flush()
    waiting = select.poll()
    waiting.register(link.socket, select.POLLIN)
    while link.is_busy():
        if not waiting.poll(PATIENCE * 1000):
            raise OperationalError(f"The database did not answer within {PATIENCE} seconds.")
        link.consume_input()
    answer = link.get_result()
    if answer is None or (number := answer.get_value(0, 0)) is None:
        raise OperationalError("The database broke off.")
    link.get_result()  # None: the end of the answer, without which nothing else can be asked
    return number


def next_scheduled() -> datetime | None:
    """The `live_at` of the story that appears next. One query, of the first row of an index."""
    scheduled = Story.objects.filter(live_at__gt=timezone.now()).order_by("live_at", "pk")
    return scheduled.values_list("live_at", flat=True).first()
