"""The page behind a preview link, for a reader without an account."""

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse

from stories.models import PreviewLink

from .previews import preview_story

# Keep the page from caches and search engines, and its URL from the sites that it links to.
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def shared_preview(request: HttpRequest, token: str) -> TemplateResponse:
    """Show the text of the moment when the link was made. A closed link answers 410 and shows nothing of the story."""
    link = PreviewLink.objects.at(token)
    if link is None:
        raise Http404("no such preview")
    if not link.is_open:
        return TemplateResponse(request, "stories/preview_closed.html", status=410, headers=HEADERS)
    context = {"link": link, "story": preview_story(link.content)}
    return TemplateResponse(request, "stories/shared_preview.html", context, headers=HEADERS)
