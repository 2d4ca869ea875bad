"""Links by which somebody without an account sees a draft: signed, for a time, revocable, and always of the one text.

They keep that text themselves: a version still changes while its writer goes on within ten minutes, and may be pruned.
"""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .snapshot import SnapshotField, take_snapshot

_signer = Signer(sep=".", salt="stories.preview")


class PreviewLinkManager(models.Manager):
    def make(self, story, *, by, lasts: timedelta) -> "PreviewLink":
        """A link to what the story says now. Four queries."""
        return self.create(story=story, content=take_snapshot(story), by=by, expires_at=timezone.now() + lasts)

    def at(self, token: str) -> "PreviewLink | None":
        """The link that this is the end of; no query for what we did not sign."""
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

    def __str__(self):
        return self.content["headline"]

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def get_absolute_url(self):
        return reverse("stories:preview", args=[_signer.sign(self.pk)])

    def revoke(self) -> None:
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
