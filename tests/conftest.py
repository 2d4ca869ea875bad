import pytest
from django.conf import settings


@pytest.fixture(autouse=True, scope="session")
def plain_static_files():
    """The manifest is made by collectstatic, which tests don't run."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
