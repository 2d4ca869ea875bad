import pytest
from django.conf import settings

from tests.chromium import find_chromium


@pytest.fixture(autouse=True, scope="session")
def plain_static_files():
    """The manifest is made by collectstatic, which tests don't run."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_terminal_summary(terminalreporter):
    if find_chromium() is None:
        terminalreporter.write_line("No Chromium was found, so the browser tests were skipped.", yellow=True)
