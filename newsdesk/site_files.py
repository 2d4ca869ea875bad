"""Files at addresses that others look for: whom to tell of a weakness, and what the site is to be called on a home screen."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

VALID = timedelta(days=180)
PAPER, ACCENT = "#fcfbf8", "#8f1d21"


@require_safe
def security(request):
    """RFC 9116; there is none without a contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404("no contact is set")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {timezone.now() + VALID:%Y-%m-%dT00:00:00Z}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=86_400)
def manifest(request):
    icons = [{"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    document = {
        "name": settings.SITE_NAME,
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": icons,
    }
    return JsonResponse(document, content_type="application/manifest+json")
