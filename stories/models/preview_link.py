"""Preview links: a signed URL shows one text of a draft to somebody without an account, until it expires.

A link stores the text, because a revision may still change within ten minutes, and may be pruned.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .snapshot import SnapshotField, take_snapshot

if TYPE_CHECKING:
    from .story import Story

_signer = Signer(sep=".", salt="stories.preview")


class PreviewLinkManager(models.Manager["PreviewLink"]):
    def make(self, story: Story, *, by: User, lasts: timedelta) -> PreviewLink:
        """Create a link to the story's present text. Four queries."""
        return self.create(story=story, content=take_snapshot(story), by=by, expires_at=timezone.now() + lasts)

    def at(self, token: str) -> PreviewLink | None:
        """Return the link with this token. No query for a token that we didn't sign."""
        try:
            pk = int(_signer.unsign(token))
        except (BadSignature, ValueError):
            return None
        return self.filter(pk=pk).first()


class PreviewLink(models.Model):
    story = models.ForeignKey("stories.Story", models.CASCADE, related_name="preview_links")
    content = SnapshotField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PreviewLinkManager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.content["headline"]

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def get_absolute_url(self) -> str:
        return reverse("stories:preview", args=[_signer.sign(str(self.pk))])

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
