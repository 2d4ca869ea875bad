"""Base of the pages that are the same for every reader."""

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.generic import View


class PublicPage(View):
    """Let the page cache keep the page, and a CDN for as many seconds as a page may be out of date."""

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(*args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(
                response, public=True, max_age=0, s_maxage=settings.PAGE_CACHE_STALENESS, must_revalidate=True
            )
        else:
            # A browser keeps a permanent redirect for ever, and would miss that a merge was undone.
            patch_cache_control(response, no_cache=True)
        return response
