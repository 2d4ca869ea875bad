"""Preview links, which show a draft to people without an account: create, list and revoke them below the story form."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stories.admin.base.requests import staff_user
from stories.models import PreviewLink, SiteVersion, Story

DAYS = {"1": gettext_lazy("1 day"), "7": gettext_lazy("7 days"), "30": gettext_lazy("30 days")}
DEFAULT_DAYS = "7"
MAX_LINKS_SHOWN = 20


class PreviewLinksMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories. Users who may change a story may share it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/share/", view(require_POST(self.share)), name="stories_story_share"),
            path("<int:pk>/share/<int:link>/revoke/", view(require_POST(self.revoke)), name="stories_story_revoke"),
            *super().get_urls(),
        ]

    def share(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        """Create a link to the story as saved now."""
        days = request.POST.get("days", DEFAULT_DAYS)
        with transaction.atomic():
            SiteVersion.lock()  # or a save in between could mix old text with new tags
            story = self.get_shareable_story(request, pk)
            if days in DAYS:
                PreviewLink.objects.make(story, by=staff_user(request), lasts=timedelta(days=int(days)))
                message = _("Preview link created. It shows the story as saved now and works for %(days)s.")
                self.message_user(request, message % {"days": DAYS[days]}, messages.SUCCESS)
        return redirect_to_links(pk)

    def revoke(self, request: HttpRequest, pk: int, link: int) -> HttpResponseRedirect:
        """Close a link before it expires."""
        story = self.get_shareable_story(request, pk)
        get_object_or_404(PreviewLink, pk=link, story=story).revoke()
        self.message_user(request, _("Link revoked."), messages.SUCCESS)
        return redirect_to_links(pk)

    def get_shareable_story(self, request: HttpRequest, pk: int) -> Story:
        """Return the story. Raise Http404 or PermissionDenied."""
        story = get_object_or_404(Story.objects.with_related(), pk=pk)
        if not self.has_change_permission(request, story):
            raise PermissionDenied
        return story

    def preview_links(self, request: HttpRequest, story: Story | None) -> dict[str, Any]:
        """Return the context for the foot of the story form. One query."""
        if story is None or not self.has_change_permission(request, story):
            return {}
        links = PreviewLink.objects.filter(story=story).select_related("by").defer("content")[:MAX_LINKS_SHOWN]
        return {
            "days": DAYS,
            "default_days": DEFAULT_DAYS,
            "links": [(link, request.build_absolute_uri(link.get_absolute_url())) for link in links],
        }


def redirect_to_links(story_pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('admin:stories_story_change', args=[story_pk])}#share")
