"""The two ways to search, by the database's name."""

from . import postgresql, sqlite

VENDORS = {"postgresql": postgresql, "sqlite": sqlite}


def of(connection):
    return VENDORS[connection.vendor]
