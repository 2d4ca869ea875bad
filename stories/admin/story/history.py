"""The history of a story: what each version changed, restoring one, and recovering deleted stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from stories.admin.base.requests import staff_user
from stories.fields import FIELDS
from stories.models import PUBLISH_STORY, Revision, SiteVersion, Snapshot, Story, restore_snapshot, take_snapshot
from stories.text.diff import Diff, diff, field_text

PAGE_SIZE = 20


@dataclass(frozen=True)
class Step:
    """A version with its changes from the one before: (label, difference) of each field."""

    version: Revision
    changes: list[tuple[str, Diff | str]]
    is_now: bool


def steps(versions: Sequence[Revision], now: Snapshot) -> list[Step]:
    """Compare each version, newest first, with the one after it in the list; `now` is the story's present snapshot."""
    older: list[Snapshot | None] = [*(version.content for version in versions[1:]), None]
    return [
        Step(version, changes(old, version.content), version.content == now)
        for version, old in zip(versions, older[: len(versions)], strict=True)
    ]


def changes(old: Snapshot | None, new: Snapshot) -> list[tuple[str, Diff | str]]:
    """Return (label, difference) of each field that changed."""
    if old is None:
        return []
    changed = [field for field in FIELDS if old[field.name] != new[field.name]]
    texts = [(field.label, field_text(field, old[field.name]), field_text(field, new[field.name])) for field in changed]
    return [(label, diff(before, after) if before != after else "Formatting only") for label, before, after in texts]


class HistoryMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted), name="stories_story_deleted"),
            path("deleted/<int:pk>/recover/", view(require_POST(self.recover)), name="stories_story_recover"),
            path("<int:pk>/restore/<int:number>/", view(require_POST(self.restore)), name="stories_story_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every version, newest first, twenty a page."""
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        versions = Revision.objects.filter(story=story.pk).select_related("by")
        page = Paginator(versions, PAGE_SIZE).get_page(request.GET.get("page"))
        # One more than the page shows, to compare its last version with.
        shown = list(versions[page.start_index() - 1 : page.end_index() + 1]) if page.paginator.count else []
        context = {
            "story": story,
            "steps": steps(shown, take_snapshot(story))[:PAGE_SIZE],
            "page": page,
            "may_restore": self.has_change_permission(request, story),
            "title": "Versions",
            "subtitle": str(story),
        }
        return self.render(request, "history.html", context | (extra_context or {}))

    def render(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/stories/story/{template}", context)

    def restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Give the story the text of this version. That makes a new version."""
        with transaction.atomic():
            SiteVersion.lock()
            story = get_object_or_404(Story, pk=pk)
            if not self.has_change_permission(request, story):
                raise PermissionDenied
            version = get_object_or_404(Revision, story=pk, number=number)
            before = take_snapshot(story), story.status
            restore_snapshot(story, version.content)
            story.record(by=staff_user(request), move="restore", comment=f"Version {number}", before=before)
        self.message_user(request, f"Version {number} restored.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_story_change", args=[pk]))

    def deleted(self, request: HttpRequest) -> HttpResponse:
        """Show the stories that can be recovered, the latest deletion first."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        page = Paginator(self.recoverable(request), PAGE_SIZE).get_page(request.GET.get("page"))
        return self.render(request, "deleted.html", {"page": page, "title": "Deleted stories"})

    def recoverable(self, request: HttpRequest) -> QuerySet[Revision]:
        """Let editors recover any story, and writers those that they deleted themselves."""
        user = staff_user(request)
        versions = Revision.objects.deleted().select_related("by")
        return versions if user.has_perm(PUBLISH_STORY) else versions.filter(by=user)

    def recover(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            SiteVersion.lock()
            version = get_object_or_404(self.recoverable(request), story=pk)
            story = version.bring_back(by=staff_user(request))
        self.message_user(request, f"“{story}” recovered as a draft.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_story_change", args=[pk]))
