"""Revisions: what a story said, who saved it, when, and by which move. They outlive the story.

The verbs of Story, the story form and deletion record them. Changes by imports and other programs are recorded before
the next change here, so no text is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from .region import Region
from .snapshot import Snapshot, SnapshotField, restore_snapshot, take_snapshot
from .workflow import TRANSITIONS, Status

if TYPE_CHECKING:
    from .story import Story

COALESCE_WINDOW = timedelta(minutes=10)
# What the user did in each move that revisions record; a plain save has no move.
DONE = {name: transition.did for name, transition in TRANSITIONS.items()} | {
    "": "saved it",
    "restore": "restored an earlier version",
    "delete": "deleted it",
    "recover": "recovered it",
    "retag": "changed it in bulk",
}


def _stories() -> models.QuerySet[Story]:
    # Story's module imports this one.
    from .story import Story

    return Story.objects.with_related().select_related("created_by")


class RevisionManager(models.Manager["Revision"]):
    def record(
        self,
        story_pk: int,
        *,
        by: User | None = None,
        move: str = "",
        comment: str = "",
        before: tuple[Snapshot, str] | None = None,
        coalesce: bool = True,
    ) -> Revision:
        """Record the story as it is stored now, and return its latest revision. At most six queries.

        Nothing is recorded when nothing changed. Saves of one user within ten minutes share a revision, unless a move
        is between them or `coalesce` is False. `before` is the (snapshot, status) of the story before this change: it
        becomes a revision too, if none has it yet.
        """
        # Re-read the story: the caller's instance may be stale.
        story = _stories().get(pk=story_pk)
        content = take_snapshot(story)
        last = self.latest_for(story.pk)
        if before is not None and (last is None or last.content != before[0]):
            last = self._record_unknown(story, last, *before)
        if last is None and move == "delete":
            # Or nothing would tell whose story it was.
            last = self._record_unknown(story, last, content, story.status)
        if last and not move and last.content == content:
            return last
        if last and last.can_coalesce(by, content, move, coalesce):
            last.content, last.at, last.move, last.comment = content, timezone.now(), move, comment
            last.status = story.status
            last.save()
            return last
        return self._record_next(story, last, content, by=by, move=move, comment=comment)

    @contextmanager
    def recorded(self, pks: list[int], *, by: User | None, move: str, comment: str) -> Iterator[None]:
        """Record a revision of each of these stories that the body of the `with` changes. Ten queries in all."""
        before = _stories().filter(pk__in=pks).in_bulk()
        yield
        latest = {revision.story: revision for revision in self._latest().filter(story__in=pks)}
        made: list[Revision] = []
        for pk, story in _stories().filter(pk__in=pks).in_bulk().items():
            old, new = take_snapshot(before[pk]), take_snapshot(story)
            if old == new:
                continue
            last = latest.get(pk)
            if last is None or last.content != old:
                last = self._unknown(story, last, old, story.status)
                made.append(last)
            made.append(self._next(story, last, new, by=by, move=move, comment=comment))
        self.bulk_create(made)

    def latest_for(self, story_pk: int) -> Revision | None:
        return self.filter(story=story_pk).order_by("-number").select_related("by").first()

    def latest_comment(self, story_pk: int) -> Revision | None:
        """Return the story's latest move that came with a comment. One query."""
        return self.filter(story=story_pk, move__in=TRANSITIONS).exclude(comment="").select_related("by").first()

    def deleted(self) -> models.QuerySet[Revision]:
        """Return the last revision of each deleted story, the latest deletion first."""
        exists = models.Exists(_stories().filter(pk=models.OuterRef("story")))
        return self._latest().filter(~exists, move="delete").order_by("-at")

    def _latest(self) -> models.QuerySet[Revision]:
        later = self.filter(story=models.OuterRef("story"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(later))

    def _record_unknown(self, story: Story, last: Revision | None, content: Snapshot, status: str) -> Revision:
        revision = self._unknown(story, last, content, status)
        revision.save(force_insert=True)
        return revision

    def _record_next(self, story: Story, last: Revision | None, content: Snapshot, **fields: Any) -> Revision:
        revision = self._next(story, last, content, **fields)
        revision.save(force_insert=True)
        return revision

    def _unknown(self, story: Story, last: Revision | None, content: Snapshot, status: str) -> Revision:
        """Make a revision of a text that has none: the story's first, or another program's change."""
        if last:
            return self._next(story, last, content, status=status)
        return self._next(story, last, content, status=status, by=story.created_by, at=story.created_at)

    def _next(
        self, story: Story, last: Revision | None, content: Snapshot, at: datetime | None = None, **fields: Any
    ) -> Revision:
        """Make the revision after `last`, without saving it."""
        at = at or timezone.now()
        number = last.number + 1 if last else 1
        fields = {"status": story.status} | fields
        return Revision(story=story.pk, number=number, content=content, begun_at=at, at=at, **fields)


class Revision(models.Model):
    # The story's key. No foreign key, because a revision outlives its story.
    story = models.BigIntegerField()
    number = models.PositiveIntegerField()
    content = SnapshotField()
    status = models.CharField(max_length=20, choices=Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField()
    at = models.DateTimeField()
    # A key of DONE.
    move = models.CharField(max_length=20, blank=True)
    comment = models.TextField(blank=True)

    objects = RevisionManager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["story", "number"], name="story_has_a_revision_once")]
        indexes = [models.Index(fields=["-at"], condition=models.Q(move="delete"), name="story_deleted")]

    def __str__(self) -> str:
        return f"{self.content['headline']}, version {self.number}"

    @property
    def done(self) -> str:
        return DONE[self.move]

    def can_coalesce(self, by: User | None, content: Snapshot, move: str, coalesce: bool) -> bool:
        """Tell whether this user's next change may replace this revision."""
        is_same_user = by is not None and self.by_id == by.pk and not self.move
        is_recent = timezone.now() - self.begun_at < COALESCE_WINDOW
        # A move right after saving is one step. A move must not replace a text that differs.
        return is_same_user and is_recent and (self.content == content if move else coalesce)

    def bring_back(self, *, by: User) -> Story:
        """Recover the deleted story under its old key, as a draft. Call it in a transaction, under the lock."""
        stories = _stories()
        region = Region.objects.ensure([self.content["region"]])[self.content["region"]]
        story = stories.model(pk=self.story, created_by=self.author(), headline=self.content["headline"], region=region)
        if not stories.filter(slug=self.content["slug"]).exists():
            story.slug = self.content["slug"]
        story.save(force_insert=True)
        restore_snapshot(stories.get(pk=story.pk), self.content)
        story.record(by=by, move="recover")
        return story

    def author(self) -> Any:
        """Return the user who made the story's first revision. One query."""
        first = Revision.objects.filter(story=self.story).order_by("number").select_related("by").first()
        return first and first.by
