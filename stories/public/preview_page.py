"""The page behind a preview link, for somebody without an account."""

from django.http import Http404
from django.template.response import TemplateResponse

from stories.models import PreviewLink

from .previews import preview_story

HEADERS = {
    # Neither a cache nor a search engine nor the sites it links to learn of it.
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


def shared_preview(request, token):
    """The text as it was when the link was made; 410 once the link is closed, which tells nothing of the story."""
    link = PreviewLink.objects.at(token)
    if link is None:
        raise Http404("no such preview")
    if not link.is_open:
        return TemplateResponse(request, "stories/preview_closed.html", status=410, headers=HEADERS)
    context = {"link": link, "story": preview_story(link.content)}
    return TemplateResponse(request, "stories/shared_preview.html", context, headers=HEADERS)
