"""Which edition of the site readers get now: all that they see from one change to the next.

An edition ends with the next write that readers can see, when the next scheduled story's time comes, or with the day,
whose date stands on each page. What is kept of it is for the page cache to say.
"""

import select
import time
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections
from django.utils import timezone

from stories.models import SiteVersion, Story

from .months import midnight

VERSION = f"SELECT number FROM {SiteVersion._meta.db_table}"  # noqa: S608 (a name of our own)
# How long after a failure nobody asks again, so that a database that hangs does not hold every reader up.
PAUSE = 1.0
# How long an answer may take, which comes in a tenth of a millisecond when all is well.
PATIENCE = 1  # s
NEVER = float("-inf")


class Silence(OperationalError):
    """The database takes a question and gives no answer; to ask again would keep readers waiting twice."""


class CurrentVersion(NamedTuple):
    number: int
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()


class SiteVersionTracker:
    """A process's knowledge of the current edition, never older than `staleness` seconds when asked for it."""

    def __init__(self, staleness: float = 0):
        self.staleness = staleness
        self.latest: CurrentVersion | None = None
        self._seen_at = self._failed_at = NEVER
        self._asking = Lock()

    def current(self) -> CurrentVersion | None:
        """One small query at most, and one more when the edition is a new one; none within the staleness.

        Ask before rendering: what is written after that makes another edition, so that a page is never taken for
        newer than it is. None while the database does not answer.
        """
        came_at = time.monotonic()
        if self._is_known_since(came_at - self.staleness):
            return self.latest
        # When it was down, one tries whether it still is, and the others don't wait for the answer.
        if self.is_down or (self._failed_at != NEVER and self._asking.locked()):
            return None
        with self._asking:
            # What another asked after this one came is fresh enough for both.
            if not self._is_known_since(came_at) and not self.is_down:
                self._ask()
            return None if self.is_down else self.latest

    @property
    def is_down(self) -> bool:
        """Whether the database failed to answer a moment ago. No query."""
        return time.monotonic() - self._failed_at < PAUSE

    @property
    def age(self) -> float:
        """Seconds since the latest edition was known to be the current one."""
        return time.monotonic() - self._seen_at

    def _is_known_since(self, moment):
        return self._seen_at > moment and not self.latest.is_over

    def _ask(self):
        began_at = time.monotonic()
        try:
            number = answered(read_number)
            if self.latest is None or self.latest.number != number or self.latest.is_over:
                self.latest = CurrentVersion(number, next_end())
            self._seen_at, self._failed_at = began_at, NEVER
        except DatabaseError:
            self._failed_at = time.monotonic()


def answered(question):
    """What the database says; asked twice, because the connection may have been lost since it was last used."""
    try:
        return question()
    except Silence:
        connection.close()
        raise
    except DatabaseError:
        connection.close()
        return question()


def read_number() -> int:
    """The number of the version. One query, past Django's cursors and psycopg's, which would double its cost."""
    # Looked up once: each look through `django.db.connection`, and to ensure what is there, costs a third of the query.
    link = connections[DEFAULT_DB_ALIAS]
    if link.connection is None:
        link.ensure_connection()
    with link.wrap_database_errors:
        if link.vendor == "sqlite":
            return link.connection.execute(VERSION).fetchone()[0]
        return int(ask_postgresql(link.connection.pgconn))


def ask_postgresql(link) -> bytes:
    """The same over libpq, with a limit to the waiting. Raises OperationalError; the connection is then of no use."""
    link.send_query(VERSION.encode())
    link.flush()
    waiting = select.poll()
    waiting.register(link.socket, select.POLLIN)
    while link.is_busy():
        if not waiting.poll(PATIENCE * 1000):
            raise Silence(f"The database did not answer within {PATIENCE} s.")
        link.consume_input()
    answer = link.get_result()
    if answer is None or (number := answer.get_value(0, 0)) is None:
        raise OperationalError("The database broke off.")
    link.get_result()  # None: the end of the answer, without which nothing else can be asked
    return number


def next_end() -> datetime:
    """When the next story appears, or the day is over. One query, of the first row of an index."""
    scheduled = Story.objects.filter(live_at__gt=timezone.now()).order_by("live_at", "pk")
    tomorrow = midnight(timezone.localdate() + timedelta(days=1))
    return min(tomorrow, scheduled.values_list("live_at", flat=True).first() or tomorrow)
