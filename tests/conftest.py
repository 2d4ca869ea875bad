import pytest
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests.chromium import chromium, find_chromium, visitor  # noqa: F401 (fixtures)

# A busy machine makes no test fail.
hypothesis_settings.register_profile("newsdesk", deadline=None)
hypothesis_settings.load_profile("newsdesk")
# What migrations put into a new database.
MIGRATED = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions", "stories_siteversion"}
# On SQLite, triggers count down while other tables are emptied.
EMPTIED_LAST = {"stories_monthcount", "stories_tagcount"}


@pytest.fixture(autouse=True, scope="session")
def production_without_its_slow_parts():
    # The manifest of static files is made by collectstatic, which tests don't run.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # Passwords are hashed slowly on purpose, which no test is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    TransactionTestCase._fixture_teardown = empty_tables


def empty_tables(self) -> None:
    """Empty the tables after a test that commits. Django's flush also repeats post_migrate, 0.25 s each on SQLite."""
    tables = {*connection.introspection.django_table_names(only_existing=True, include_views=False)}
    order = [*sorted(tables - MIGRATED - EMPTIED_LAST), *sorted(tables & EMPTIED_LAST)]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), order))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark tests by what they touch: `make test` runs those without a database once."""
    for item in items:
        if needs_database(item):
            item.add_marker("database")


def needs_database(item) -> bool:
    cls = getattr(item, "cls", None)
    if cls and issubclass(cls, TransactionTestCase):
        return True
    return item.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db", "live_server"} & {*item.fixturenames}
    )


def pytest_terminal_summary(terminalreporter):
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    if tried := count_inputs(reports):
        terminalreporter.write_line(f"{tried:,} inputs were tried.")
    if find_chromium() is None:
        terminalreporter.write_line("No Chromium was found, so the browser tests were skipped.", yellow=True)


def count_inputs(reports) -> int:
    """Add up the inputs that tests report with `record_property("inputs", ...)`."""
    properties = [
        one for report in reports for one in getattr(report, "user_properties", []) if report.when == "teardown"
    ]
    return sum(number for name, number in properties if name == "inputs")
