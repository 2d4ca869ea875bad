"""A test database in memory that outlives a run of pytest, so that forked runs find it ready."""

import pytest
from django.db import connection, connections
from django.test.utils import setup_databases

ready = []


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    if ready:
        return
    connection.settings_dict["TEST"]["NAME"] = None
    connections.settings["default"]["TEST"]["NAME"] = None
    with django_db_blocker.unblock():
        setup_databases(verbosity=0, interactive=False)
    ready.append(True)
