"""Full-text search by database."""

from typing import Protocol

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from stories.models import Story

from ..filters import SearchFilters
from ..query import Query
from . import postgresql, sqlite


class Backend(Protocol):
    """The interface of a database's module."""

    # SQL for the keys of matching stories; its parameter is an expression.
    MATCHES: str

    def to_expression(self, query: Query) -> str:
        """Return the query in the syntax of the database's index."""

    def filter_stories(self, queryset: QuerySet[Story], query: Query, *, are_few: bool) -> QuerySet[Story]:
        """Return those that match. `are_few` chooses between sorting all matches and asking for each story."""

    def find_newest(self, query: Query, filters: SearchFilters, number: int) -> tuple[list[tuple], bool]:
        """Return (key, headline, live_at, region key) of the newest matches, and if older ones were not searched."""


BACKENDS: dict[str, Backend] = {"postgresql": postgresql, "sqlite": sqlite}


def get_backend(connection: BaseDatabaseWrapper) -> Backend:
    return BACKENDS[connection.vendor]
