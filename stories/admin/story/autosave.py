"""What is typed and not saved: the story form sends it here every few seconds, and gets it back when it is opened again."""

import json
import re
import uuid
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from stories.admin.widgets.sources import filled
from stories.admin.widgets.tag_box import lines
from stories.models import Autosave, Story, is_snapshot, sanitise_typed, take_snapshot, upgrade_snapshot
from stories.text.diff import diff, field_text

BOXES = ("headline", "body", "region", "tags", "byline", "correction", "slug")
NOTHING = {"headline": "", "body": "", "tags": [], "sources": [], "byline": "", "correction": ""}
MOST_TYPED = 1_000_000  # characters
MINUTE = timedelta(minutes=1)
TOKEN = re.compile(r"[0-9a-f]{32}")


def compared(typed: dict) -> dict:
    """What a story's content, see models/content.py, is compared with of it."""
    return {
        "headline": typed["headline"],
        "body": sanitise_typed(typed["body"]),
        "tags": lines(typed["tags"]),
        "sources": filled(typed["sources"]),
        "byline": typed["byline"],
        "correction": typed.get("correction", ""),  # not of a text that is older than corrections
    }


def typed_in(data) -> dict | None:
    """What a form's boxes hold, as they were sent; None when only the form's being open is told."""
    if "headline" not in data:
        return None
    rows = zip(data.getlist("sources-url"), data.getlist("sources-label"), strict=False)
    return {name: data.get(name, "").replace("\x00", "") for name in BOXES} | {
        "published_at": [data.get("published_at_0", ""), data.get("published_at_1", "")],
        "sources": [list(row) for row in rows],
        "seen": seen_in(data.get("seen", "")),
    }


def seen_in(text: str) -> dict | None:
    """The content that the form was filled in over."""
    try:
        seen = upgrade_snapshot(json.loads(text))
    except (ValueError, RecursionError):
        return None
    return seen if is_snapshot(seen) else None


class AutosaveMixin:
    """For the ModelAdmin of stories."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("typed/", view(require_POST(self.keep_typed)), name="stories_story_typed"),
            path("typed/<slug:token>/discard/", view(require_POST(self.discard)), name="stories_story_discard"),
            *super().get_urls(),
        ]

    def keep_typed(self, request):
        """{"saved": whether this form has been saved since, "others": who else has the story open}."""
        token = request.POST.get("token", "")
        typed = typed_in(request.POST)
        if not self.has_add_permission(request) or not TOKEN.fullmatch(token):
            raise PermissionDenied
        if typed and len(json.dumps(typed)) > MOST_TYPED:
            return JsonResponse({"error": "This is too long to be kept."}, status=413)
        story = self.asked_story(request)
        kept = Autosave.objects.keep(token, by=request.user, story=story, typed=typed)
        if kept is None:
            raise PermissionDenied
        _mine, others = Autosave.objects.around(story, request.user) if story else ([], [])
        return JsonResponse({"saved": kept.saved_at is not None, "others": [who_and_when(form) for form in others]})

    def asked_story(self, request):
        pk = request.POST.get("story", "")
        story = Story.objects.filter(pk=pk).first() if re.fullmatch("[0-9]{1,18}", pk) else None
        return story if story and self.has_view_permission(request, story) else None

    def discard(self, request, token):
        kept = get_object_or_404(Autosave, token=token, by=request.user)
        kept.delete()
        self.message_user(request, "The unsaved text was discarded.")
        return HttpResponseRedirect(form_address(kept.story_id))

    def get_form(self, request, obj=None, change=False, **kwargs):
        """With what is to be restored, and a token of its own, in the boxes."""
        form = super().get_form(request, obj, change=change, **kwargs)
        token = request.GET.get("restore", "")
        kept = Autosave.objects.filter(token=token, by=request.user, saved_at=None).first() if token else None
        form.restored = {"token": uuid.uuid4().hex}
        if kept and kept.typed and kept.story_id == (obj and obj.pk):
            form.restored = kept.typed | {"token": kept.token}
        return form

    def unsaved_and_others(self, request, story) -> dict:
        """For the top of the form. One query."""
        mine, others = Autosave.objects.around(story, request.user)
        restored = request.GET.get("restore")
        unsaved = (
            [self.unsaved(kept, story) for kept in mine if kept.token != restored] if request.method == "GET" else []
        )
        return {"unsaved": unsaved, "others": [who_and_when(form) for form in others]}

    def unsaved(self, kept, story):
        """What is to be said of it: when it was typed, and what differs from the story as it is."""
        typed = kept.typed
        now, mine = take_snapshot(story) if story else NOTHING, compared(typed)
        texts = [(name, field_text(name, now[name]), field_text(name, mine[name])) for name in mine]
        return {
            "token": kept.token,
            "at": kept.at,
            "headline": typed["headline"],
            "restore": f"{form_address(kept.story_id)}?restore={kept.token}",
            "changes": [(name.capitalize(), diff(was, is_now)) for name, was, is_now in texts if was != is_now],
        }

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What is typed is kept even when, meanwhile, the person may no longer change the story."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            token = request.POST.get("token", "")
            story = Story.objects.filter(pk=object_id).first() if TOKEN.fullmatch(token) else None
            if story is None or not self.has_view_permission(request, story):
                raise
            Autosave.objects.keep(token, by=request.user, story=story, typed=typed_in(request.POST))
            said = f"Not saved: “{story}” is {story.get_status_display().lower()} by now. Your text is kept below."
            self.message_user(request, said, messages.WARNING)
            return HttpResponseRedirect(form_address(story.pk))


def form_address(story_pk) -> str:
    if story_pk is None:
        return reverse("admin:stories_story_add")
    return reverse("admin:stories_story_change", args=[story_pk])


def who_and_when(form) -> str:
    now = timezone.now()
    since = f"{timesince(form.opened_at, now, depth=1)} ago" if now - form.opened_at >= MINUTE else "just now"
    typing = ", and has typed something that is not saved yet" if form.typed else ""
    return f"{form.by} opened this story {since}{typing}."
