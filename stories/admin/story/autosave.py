"""Autosave of the story form: unsaved changes arrive every few seconds and are offered when the form is opened again."""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from stories.admin.base.requests import staff_user
from stories.fields import FIELDS
from stories.models import Autosave, Story, empty_snapshot, take_snapshot
from stories.text.diff import diff, field_text

from .boxes import read_boxes, to_snapshot

MAX_AUTOSAVE_CHARS = 1_000_000
MINUTE = timedelta(minutes=1)
TOKEN = re.compile(r"[0-9a-f]{32}")


class AutosaveMixin(admin.ModelAdmin):
    """Mixin for the ModelAdmin of stories."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("typed/", view(require_POST(self.autosave)), name="stories_story_typed"),
            path("typed/<slug:token>/discard/", view(require_POST(self.discard)), name="stories_story_discard"),
            *super().get_urls(),
        ]

    def autosave(self, request: HttpRequest) -> JsonResponse:
        """Store what a form's boxes hold. Returns {"saved": whether it was saved since, "others": other open forms}."""
        token = request.POST.get("token", "")
        boxes = read_boxes(request.POST)
        if not self.has_add_permission(request) or not TOKEN.fullmatch(token):
            raise PermissionDenied
        if boxes and len(json.dumps(boxes)) > MAX_AUTOSAVE_CHARS:
            return JsonResponse({"error": "This text is too long to back up."}, status=413)
        story = self.asked_story(request)
        autosave = Autosave.objects.keep(token, by=staff_user(request), story=story, typed=boxes)
        if autosave is None:
            raise PermissionDenied
        _mine, others = Autosave.objects.around(story, staff_user(request)) if story else ([], [])
        return JsonResponse({"saved": autosave.saved_at is not None, "others": [describe(form) for form in others]})

    def asked_story(self, request: HttpRequest) -> Story | None:
        """Return the story that the request names, if this user may see it."""
        pk = request.POST.get("story", "")
        story = Story.objects.filter(pk=pk).first() if re.fullmatch("[0-9]{1,18}", pk) else None
        return story if story and self.has_view_permission(request, story) else None

    def discard(self, request: HttpRequest, token: str) -> HttpResponse:
        autosave = get_object_or_404(Autosave, token=token, by=staff_user(request))
        autosave.delete()
        self.message_user(request, "Unsaved changes discarded.")
        return HttpResponseRedirect(form_path(autosave.story_id))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Give the form a token, and the unsaved changes that the URL asks to restore."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        token = request.GET.get("restore", "")
        autosave = (
            Autosave.objects.filter(token=token, by=staff_user(request), saved_at=None).first() if token else None
        )
        form.restored = {"token": uuid.uuid4().hex}
        if autosave and autosave.typed and autosave.story_id == (obj and obj.pk):
            form.restored = autosave.typed | {"token": autosave.token}
        return form

    def unsaved_and_others(self, request: HttpRequest, story: Story | None) -> dict[str, list]:
        """Return the context for the top of the form: own unsaved changes, and other people's open forms.

        One query, and one for each unsaved text.
        """
        mine, others = Autosave.objects.around(story, staff_user(request))
        restored = request.GET.get("restore")
        shown = [autosave for autosave in mine if autosave.token != restored] if request.method == "GET" else []
        return {
            "unsaved": [unsaved_changes(autosave, story) for autosave in shown],
            "others": [describe(form) for form in others],
        }

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Keep the input as unsaved changes when this user may no longer change the story."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            token = request.POST.get("token", "")
            story = Story.objects.filter(pk=object_id).first() if TOKEN.fullmatch(token) else None
            if story is None or not self.has_view_permission(request, story):
                raise
            Autosave.objects.keep(token, by=staff_user(request), story=story, typed=read_boxes(request.POST))
            status = story.get_status_display().lower()
            self.message_user(
                request, f"Not saved: “{story}” is now {status}. Your text is kept below.", messages.WARNING
            )
            return HttpResponseRedirect(form_path(story.pk))


def unsaved_changes(autosave: Autosave, story: Story | None) -> dict[str, Any]:
    """Return what the form shows of unsaved changes: when they were typed, and how they differ from the story."""
    stored = take_snapshot(story) if story else empty_snapshot()
    boxes = autosave.typed or {}
    typed = to_snapshot(boxes, base=stored)
    # Not the slug: an empty box means that it follows the headline.
    compared = [field for field in FIELDS if field.is_restored]
    texts = [
        (field.label, field_text(field, stored[field.name]), field_text(field, typed[field.name])) for field in compared
    ]
    return {
        "token": autosave.token,
        "at": autosave.at,
        "headline": boxes["headline"],
        "restore": f"{form_path(autosave.story_id)}?restore={autosave.token}",
        "changes": [(label, diff(old, new)) for label, old, new in texts if old != new],
    }


def form_path(story_pk: int | None) -> str:
    if story_pk is None:
        return reverse("admin:stories_story_add")
    return reverse("admin:stories_story_change", args=[story_pk])


def describe(form: Autosave) -> str:
    """Say who else has the story open, since when, and whether with unsaved changes."""
    now = timezone.now()
    since = f"{timesince(form.opened_at, now, depth=1)} ago" if now - form.opened_at >= MINUTE else "just now"
    unsaved = " and has unsaved changes" if form.typed else ""
    return f"{form.by} opened this story {since}{unsaved}."
