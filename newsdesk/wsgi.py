"""The application that servers run: Django, and the page cache round it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")

application = get_wsgi_application()

# What follows needs Django set up, and stories know no page cache.
from django.conf import settings  # noqa: E402

from stories.listings.site_version import SiteVersionTracker  # noqa: E402

from .page_cache.cache import PageCache  # noqa: E402

if settings.PAGE_CACHE_MEGABYTES:
    application = PageCache(
        application,
        SiteVersionTracker(staleness=settings.PAGE_CACHE_STALENESS),
        most_bytes=settings.PAGE_CACHE_MEGABYTES * 1_000_000,
        outage=settings.PAGE_CACHE_OUTAGE,
        bypassed=(settings.STATIC_URL, "/livez", "/readyz"),
    )
