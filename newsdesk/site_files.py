"""Files that browsers and researchers look for at fixed paths: security.txt and the web app manifest."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

SECURITY_TXT_LIFETIME = timedelta(days=180)
PAPER, ACCENT = "#fcfbf8", "#8f1d21"


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Render security.txt (RFC 9116). 404 without SECURITY_CONTACT."""
    if not settings.SECURITY_CONTACT:
        raise Http404("SECURITY_CONTACT is not set")
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {timezone.now() + SECURITY_TXT_LIFETIME:%Y-%m-%dT00:00:00Z}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=86_400)
def manifest(request: HttpRequest) -> JsonResponse:
    """Render the web app manifest: name, colours and icons of the site on a home screen."""
    icons = [{"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    document = {
        "name": settings.SITE_NAME,
        "lang": settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_info(settings.LANGUAGE_CODE)["bidi"] else "ltr",
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": icons,
    }
    return JsonResponse(document, content_type="application/manifest+json")
