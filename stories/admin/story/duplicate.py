"""The "Duplicate" button: copy a story into a new draft, for pieces that recur every week."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin.base.requests import staff_user
from stories.models import Story


class DuplicateMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories. Users who may see a story and add stories may duplicate it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.duplicate))
        return [path("<int:pk>/duplicate/", view, name="stories_story_duplicate"), *super().get_urls()]

    def duplicate(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        """Copy the story and open the copy."""
        story = get_object_or_404(Story, pk=pk)
        if not (self.has_view_permission(request, story) and self.has_add_permission(request)):
            raise PermissionDenied
        copy = story.duplicate(by=staff_user(request))
        self.message_user(request, _("“%(story)s” copied to this new draft.") % {"story": story}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_story_change", args=[copy.pk]))
