"""Redirect from a mistyped path (wrong case, missing slash) to the canonical one, in one hop."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.views.defaults import page_not_found


class CanonicalURLMiddleware:
    """Answer 404s: with a redirect if the tidied path leads to a page, else with the site's own error page.

    The views know the canonical slug of a tag, region or story; this middleware only finds the view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        if request.resolver_match is None and request.method in {"GET", "HEAD"} and (found := self.redirect(request)):
            return found
        # Show the site's error page in debug too: Django's technical 404 page would hide it.
        is_rendered_by_view = hasattr(response, "context_data")
        return page_not_found(request, Http404()) if settings.DEBUG and not is_rendered_by_view else response

    def redirect(self, request: HttpRequest) -> HttpResponseBase | None:
        """Return a redirect to the tidied path, the view's own redirect or 410 there, or None if there is no page.

        It calls the view instead of only resolving the path. A former tag name without its slash then takes one hop,
        and no redirect leads to a missing page. Costs the view's queries, for such paths only.
        """
        path = f"{request.path_info.rstrip('/').lower()}/"
        url, query = escape_uri_path(path), request.META.get("QUERY_STRING", "")
        try:
            match = resolve(path)
            request.path = request.path_info = path
            response = match.func(request, *match.args, **match.kwargs)
        except (Resolver404, Http404):
            return None
        if response.status_code in {301, 302, 410}:
            return response
        if response.status_code == 200:
            # Without no-cache, browsers keep a permanent redirect for good, and a slug can pass to another tag.
            headers = {"Cache-Control": "no-cache"}
            return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url, headers=headers)
        return None
