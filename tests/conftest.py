import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from tests.chromium import chromium, find_chromium, visitor  # noqa: F401 (fixtures)

# A busy machine makes no test fail.
hypothesis_settings.register_profile("newsdesk", deadline=None)
hypothesis_settings.load_profile("newsdesk")


@pytest.fixture(autouse=True, scope="session")
def plain_and_quick():
    """The manifest of static files is made by collectstatic, which tests don't run."""
    # Passwords are hashed slowly on purpose, which no test is about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_terminal_summary(terminalreporter):
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    if tried := inputs_of(reports):
        terminalreporter.write_line(f"{tried:,} inputs were tried.")
    if find_chromium() is None:
        terminalreporter.write_line("No Chromium was found, so the browser tests were skipped.", yellow=True)


def inputs_of(reports) -> int:
    """How many the tests say they tried, with `record_property("inputs", ...)`."""
    properties = [
        one for report in reports for one in getattr(report, "user_properties", []) if report.when == "teardown"
    ]
    return sum(number for name, number in properties if name == "inputs")
