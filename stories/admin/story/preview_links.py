"""Links that show a draft to somebody without an account: made, listed and revoked below the story's form."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from stories.models import PreviewLink, SiteVersion, Story

DAYS = {"1": "one day", "7": "a week", "30": "thirty days"}
SHOWN = 20


class PreviewLinksMixin:
    """For the ModelAdmin of stories. Whoever may change a story may show it."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/share/", view(require_POST(self.share)), name="stories_story_share"),
            path("<int:pk>/share/<int:link>/revoke/", view(require_POST(self.revoke)), name="stories_story_revoke"),
            *super().get_urls(),
        ]

    def share(self, request, pk):
        days = request.POST.get("days", "7")
        with transaction.atomic():
            SiteVersion.lock()  # or its text and its tags might be of two moments
            story = self.story_to_share(request, pk)
            if days in DAYS:
                PreviewLink.objects.make(story, by=request.user, lasts=timedelta(days=int(days)))
                said = f"The link is below. It shows what is saved now, for {DAYS[days]}."
                self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(f"{reverse('admin:stories_story_change', args=[pk])}#share")

    def revoke(self, request, pk, link):
        story = self.story_to_share(request, pk)
        get_object_or_404(PreviewLink, pk=link, story=story).revoke()
        self.message_user(request, "The link is closed: whoever opens it is told so.", messages.SUCCESS)
        return HttpResponseRedirect(f"{reverse('admin:stories_story_change', args=[pk])}#share")

    def story_to_share(self, request, pk):
        story = get_object_or_404(Story.objects.with_related(), pk=pk)
        if not self.has_change_permission(request, story):
            raise PermissionDenied
        return story

    def preview_links(self, request, story) -> dict:
        """For the foot of the form. One query."""
        if story is None or not self.has_change_permission(request, story):
            return {}
        links = PreviewLink.objects.filter(story=story).select_related("by").defer("content")[:SHOWN]
        return {"days": DAYS, "links": [(link, request.build_absolute_uri(link.get_absolute_url())) for link in links]}
