"""Autosaves: unsaved changes of open story forms, and who has which story open.

An autosave never changes a story. Each form has a token, so two tabs of one user never overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from .story import Story

# An open form reports twice a minute, or once where a browser slows down a hidden tab.
PRESENCE_TIMEOUT = timedelta(minutes=3)
MAX_FORMS_SHOWN = 20


class AutosaveManager(models.Manager["Autosave"]):
    def keep(
        self, token: str, *, by: User, story: Story | None = None, typed: dict[str, Any] | None = None
    ) -> Autosave | None:
        """Record that a form is open, and its input if there is any. Three queries.

        Returns None when the token belongs to another user. A form that was saved stays as it is.
        """
        autosave, _created = self.get_or_create(token=token, defaults={"by": by, "story": story})
        if autosave.by_id != by.pk:
            return None
        if autosave.saved_at is None:
            autosave.at = timezone.now()
            autosave.typed = typed or autosave.typed
            autosave.save(update_fields=["at", "typed"])
        return autosave

    def saved(self, token: str, *, by: User) -> None:
        """Drop the input of a form that was saved."""
        self.filter(token=token, by=by).update(saved_at=timezone.now(), typed=None)

    def around(self, story: Story | None, user: User) -> tuple[list[Autosave], list[Autosave]]:
        """Return (this user's unsaved changes, other users' open forms) of a story. One query.

        Without a story, these are unsaved changes of new stories.
        """
        mine = Q(by=user, typed__isnull=False)
        others = ~Q(by=user) & Q(at__gte=timezone.now() - PRESENCE_TIMEOUT) if story else Q(pk=None)
        found = self.filter(mine | others, story=story, saved_at=None).select_related("by").order_by("-at")
        found = found[:MAX_FORMS_SHOWN]
        other_forms = [form for form in found if form.by_id != user.pk]
        return [form for form in found if form.by_id == user.pk], one_per_user(other_forms)


def one_per_user(forms: Iterable[Autosave]) -> list[Autosave]:
    """Return one form of each user, if possible one with input: a reloaded page leaves its old form open."""
    forms = list(forms)
    last_wins = {form.by_id: form for form in [*reversed(forms), *reversed([form for form in forms if form.typed])]}
    return list(last_wins.values())


class Autosave(models.Model):
    """One form on one screen. `story` is None for a new story, and for one that was deleted since."""

    token = models.CharField(max_length=32, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    story = models.ForeignKey("stories.Story", models.SET_NULL, null=True, related_name="autosaves")
    opened_at = models.DateTimeField(default=timezone.now)
    at = models.DateTimeField(default=timezone.now)
    # The form's input, see stories/admin/story/boxes.py; None until something is typed.
    typed = models.JSONField(null=True)
    saved_at = models.DateTimeField(null=True)

    objects = AutosaveManager()

    class Meta:
        indexes = [models.Index(fields=["by", "-at"], name="autosave_by_person")]

    def __str__(self) -> str:
        return self.token
