"""Sends a mistyped address (another case, no slash at the end) to the right one, in one hop.

Which spelling of a tag, region or story is right is for the views to say; this only finds the view.
"""

from django.conf import settings
from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.views.defaults import page_not_found


class CanonicalURLMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404:
            return response
        if request.resolver_match is None and request.method in {"GET", "HEAD"} and (found := self.redirect(request)):
            return found
        # Django's own page for debugging says nothing that the address does not, and hides what readers get.
        is_our_own = hasattr(response, "context_data")
        return page_not_found(request, Http404()) if settings.DEBUG and not is_our_own else response

    def redirect(self, request):
        """A redirect to where the tidied address leads, what is said of a page that is gone, or None if it leads nowhere.

        The view is asked, not merely resolved: so a former tag name without its slash takes one hop,
        and nobody is sent to a page that does not exist. Costs that view's queries, on such addresses only.
        """
        tidy = f"{request.path_info.rstrip('/').lower()}/"
        address, query = escape_uri_path(tidy), request.META.get("QUERY_STRING", "")
        try:
            match = resolve(tidy)
            request.path = request.path_info = tidy
            answer = match.func(request, *match.args, **match.kwargs)
        except (Resolver404, Http404):
            return None
        if answer.status_code in {301, 302, 410}:
            return answer
        if answer.status_code == 200:
            # A browser would keep it for ever, and names can change hands.
            headers = {"Cache-Control": "no-cache"}
            return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address, headers=headers)
        return None
