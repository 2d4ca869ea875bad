"""A story once more, as a draft: for one that comes every week."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from stories.models import Story


class DuplicateMixin:
    """For the ModelAdmin of stories. Whoever may see one and add one may."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.duplicate))
        return [path("<int:pk>/duplicate/", view, name="stories_story_duplicate"), *super().get_urls()]

    def duplicate(self, request, pk):
        story = get_object_or_404(Story, pk=pk)
        if not (self.has_view_permission(request, story) and self.has_add_permission(request)):
            raise PermissionDenied
        copy = story.duplicate(by=request.user)
        self.message_user(request, f"This is a copy of “{story}”, a draft of yours.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_story_change", args=[copy.pk]))
