"""The WSGI application that servers run: Django behind the page cache."""

import os
from wsgiref.types import WSGIApplication

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")

application: WSGIApplication = get_wsgi_application()

# These imports need Django to be set up. This module alone joins the page cache to the stories.
from django.conf import settings  # noqa: E402

from stories.listings.site_version import SiteVersionTracker  # noqa: E402

from .page_cache import PageCache  # noqa: E402

if settings.PAGE_CACHE_MEGABYTES:
    application = PageCache(
        application,
        SiteVersionTracker(staleness=settings.PAGE_CACHE_STALENESS),
        max_bytes=settings.PAGE_CACHE_MEGABYTES * 1_000_000,
        max_outage_seconds=settings.PAGE_CACHE_OUTAGE,
        bypassed_paths=(settings.STATIC_URL, "/livez", "/readyz"),
    )
