"""The versions of a story on screen: what each changed, going back to one, and bringing back a deleted story."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from stories.fields import FIELDS
from stories.models import PUBLISH_STORY, Revision, SiteVersion, Snapshot, Story, restore_snapshot, take_snapshot
from stories.text.diff import Diff, diff, field_text

PAGE_SIZE = 20


@dataclass(frozen=True)
class Step:
    """A version, with what it changed from the one before: (label, Diff) of each field."""

    version: Revision
    changes: list
    is_now: bool


def steps(versions: list, now: dict | None) -> list[Step]:
    """Of versions, newest first, the last only to compare with; `now` is the content that the story has."""
    before = [*(version.content for version in versions[1:]), None][: len(versions)]
    return [
        Step(version, changes(old, version.content), version.content == now)
        for version, old in zip(versions, before, strict=True)
    ]


def changes(old: Snapshot | None, new: Snapshot) -> list[tuple[str, Diff | str]]:
    """Return (label, difference) of each field that changed."""
    if old is None:
        return []
    changed = [field for field in FIELDS if old[field.name] != new[field.name]]
    texts = [(field.label, field_text(field, old[field.name]), field_text(field, new[field.name])) for field in changed]
    return [(label, diff(before, after) if before != after else "Formatting only") for label, before, after in texts]


class HistoryMixin:
    """For the ModelAdmin of stories."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted), name="stories_story_deleted"),
            path("deleted/<int:pk>/recover/", view(require_POST(self.recover)), name="stories_story_recover"),
            path("<int:pk>/restore/<int:number>/", view(require_POST(self.restore)), name="stories_story_restore"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """Every version, newest first, twenty a page."""
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        versions = Revision.objects.filter(story=story.pk).select_related("by")
        page = Paginator(versions, PAGE_SIZE).get_page(request.GET.get("page"))
        shown = list(versions[page.start_index() - 1 : page.end_index() + 1]) if page.paginator.count else []
        context = {
            "story": story,
            "steps": steps(shown, take_snapshot(story))[:PAGE_SIZE],
            "page": page,
            "may_restore": self.has_change_permission(request, story),
            "title": "Versions",
            "subtitle": str(story),
        }
        return self.on_screen(request, "history.html", context | (extra_context or {}))

    def on_screen(self, request, template, context):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/stories/story/{template}", context)

    def restore(self, request, pk, number):
        """The story says again what it said in this version; that is a new version."""
        with transaction.atomic():
            SiteVersion.lock()
            story = get_object_or_404(Story, pk=pk)
            if not self.has_change_permission(request, story):
                raise PermissionDenied
            version = get_object_or_404(Revision, story=pk, number=number)
            before = take_snapshot(story), story.status
            restore_snapshot(story, version.content)
            story.record(by=request.user, move="restore", comment=f"Version {number}", before=before)
        self.message_user(request, f"“{story}” says again what it said in version {number}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_story_change", args=[pk]))

    def deleted(self, request):
        """Stories that can be brought back, the latest deleted first."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        page = Paginator(self.recoverable(request), PAGE_SIZE).get_page(request.GET.get("page"))
        return self.on_screen(request, "deleted.html", {"page": page, "title": "Deleted stories"})

    def recoverable(self, request):
        """Editors bring back any story, writers what they deleted themselves."""
        versions = Revision.objects.deleted().select_related("by")
        return versions if request.user.has_perm(PUBLISH_STORY) else versions.filter(by=request.user)

    def recover(self, request, pk):
        if not self.has_add_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            SiteVersion.lock()
            version = get_object_or_404(self.recoverable(request), story=pk)
            story = version.bring_back(by=request.user)
        self.message_user(request, f"“{story}” is back, as a draft.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:stories_story_change", args=[pk]))
