"""The versions of a story: what it said, who made it so, when, and by which move. They outlive the story.

Recorded by the verbs of Story, by the story form and by deleting. What changes a story on other ways, an import or
another program, is recorded before its next change here, so that nothing it said is lost.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from .snapshot import SnapshotField, restore_snapshot, take_snapshot
from .workflow import TRANSITIONS, Status

COALESCE_WINDOW = timedelta(minutes=10)
# What was done, by the move; a plain save has none.
DONE = {name: transition.done for name, transition in TRANSITIONS.items()} | {
    "": "saved",
    "restore": "restored an earlier version",
    "delete": "deleted",
    "recover": "brought back",
    "retag": "changed with other stories",
}


class RevisionManager(models.Manager):
    def record(self, story_pk: int, *, by=None, move="", comment="", before=None, coalesce=True):
        """The version of a story as it is stored now; a new one, if it says anything new. At most six queries.

        What one person saves within ten minutes, without a move between, is one version, unless `coalesce` is False.
        `before` is a (content, status) that the story had before this change: if no version has it, it becomes one.
        """
        from .story import Story

        # What the caller holds may be older than its tags, or than another's edit.
        story = Story.objects.with_related().select_related("created_by").get(pk=story_pk)
        last = self.latest_of(story.pk)
        if before is not None and (last is None or last.content != before[0]):
            last = self._keep(story, last, *before)
        content = take_snapshot(story)
        if last is None and move == "delete":
            last = self._keep(story, last, content, story.status)  # or whose story it was would be lost
        if last and not move and last.content == content:
            return last
        if last and last.can_coalesce(by, content, move, coalesce):
            last.content, last.at, last.move, last.comment = content, timezone.now(), move, comment
            last.status = story.status
            last.save()
            return last
        return self._next(story, last, content=content, by=by, move=move, comment=comment, at=timezone.now())

    @contextmanager
    def recorded(self, pks: list[int], *, by, move: str, comment: str):
        """A version for each of these stories that what is done within changes. Ten queries, however many stories."""
        before = self._stories(pks)
        yield
        last = {version.story: version for version in self._latest().filter(story__in=pks)}
        made = []
        for pk, story in self._stories(pks).items():
            was, content = take_snapshot(before[pk]), take_snapshot(story)
            if was == content:
                continue
            number = last[pk].number if pk in last else 0
            if pk not in last or last[pk].content != was:
                number += 1
                made.append(self._unsaved(story, number, was, **self._first(story, pk in last)))
            made.append(self._unsaved(story, number + 1, content, by=by, at=timezone.now(), move=move, comment=comment))
        self.bulk_create(made)

    def _stories(self, pks):
        from .story import Story

        return {
            story.pk: story for story in Story.objects.with_related().select_related("created_by").filter(pk__in=pks)
        }

    def latest_of(self, story_pk: int):
        return self.filter(story=story_pk).order_by("-number").select_related("by").first()

    def latest_comment(self, story_pk: int):
        """The latest move of this story that came with a comment, or None. One query."""
        return self.filter(story=story_pk, move__in=TRANSITIONS).exclude(comment="").select_related("by").first()

    def deleted(self):
        """The last version of each story that is no longer there, the latest deleted first."""
        from .story import Story

        gone = ~models.Exists(Story.objects.filter(pk=models.OuterRef("story")))
        return self._latest().filter(gone, move="delete").order_by("-at")

    def _latest(self):
        later = self.filter(story=models.OuterRef("story"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(later))

    def _keep(self, story, last, content, status):
        """What the story said without any version of it: as it came in, or as another program left it."""
        return self._next(story, last, content=content, status=status, **self._first(story, last is not None))

    def _first(self, story, has_versions):
        at = timezone.now() if has_versions else story.created_at
        return {"by": None if has_versions else story.created_by, "at": at}

    def _next(self, story, last, *, content, **fields):
        version = self._unsaved(story, last.number + 1 if last else 1, content, **fields)
        version.save(force_insert=True)
        return version

    def _unsaved(self, story, number, content, **fields):
        fields = {"status": story.status, "begun_at": fields["at"]} | fields
        return Revision(story=story.pk, number=number, content=content, **fields)


class Revision(models.Model):
    # Its key. Not a foreign key, because a deleted story can be brought back from its versions.
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
        constraints = [models.UniqueConstraint(fields=["story", "number"], name="story_has_a_version_once")]
        indexes = [models.Index(fields=["-at"], condition=models.Q(move="delete"), name="story_deleted")]

    def __str__(self):
        return f"{self.content['headline']}, version {self.number}"

    @property
    def done(self) -> str:
        return DONE[self.move]

    def can_coalesce(self, by, content, move, coalesce) -> bool:
        """Whether what this person does now still belongs to this version."""
        same = by is not None and self.by_id == by.pk and not self.move
        recent = timezone.now() - self.begun_at < COALESCE_WINDOW
        # A move just after saving is one step, but what was said before a move stays a version of its own.
        return same and recent and (self.content == content if move else coalesce)

    def bring_back(self, *, by):
        """The deleted story with its key, as a draft. Gives it back; call it in a transaction, under the lock."""
        from .story import Story
        from .tag import Region

        region = Region.objects.ensure([self.content["region"]])[self.content["region"]]
        story = Story(pk=self.story, created_by=self.content_by(), headline=self.content["headline"], region=region)
        if not Story.objects.filter(slug=self.content["slug"]).exists():
            story.slug = self.content["slug"]
        story.body = self.content["body"]
        story.save(force_insert=True)
        restore_snapshot(Story.objects.get(pk=story.pk), self.content)
        story.record(by=by, move="recover")
        return story

    def content_by(self):
        """Whose story it was: who made its first version."""
        first = Revision.objects.filter(story=self.story).order_by("number").select_related("by").first()
        return first.by
