"""The life of a story: its statuses, the moves between them, and who may make them.

Buttons, bulk actions and the shell all call the verbs here; none of them knows a status or a permission.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from .counts import SiteVersion
from .snapshot import take_snapshot


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class MoveNotAllowed(Exception):
    """The story's status does not allow this move, or it lacks its reason. Its text is for the person who tried."""


@dataclass(frozen=True)
class Transition:
    name: str
    label: str
    done: str
    origins: frozenset
    target: Status
    permission: str
    # What its comment answers, where it is asked for one.
    asks: str = ""
    needs_reason: bool = False


PUBLISH_STORY = "stories.publish_story"
# What a move reads or writes; read again under the lock, because another may have moved the story meanwhile.
MOVED = ["status", "published_at", "first_published_at", "created_by", "version"]

TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition(
            "submit", "Submit for review", "submitted for review",
            frozenset({Status.DRAFT}), Status.IN_REVIEW, "stories.submit_story",
        ),
        Transition(
            "send_back", "Send back", "sent back to its writer",
            frozenset({Status.IN_REVIEW}), Status.DRAFT, PUBLISH_STORY, asks="What is to be done",
        ),
        Transition(
            "publish", "Publish", "published",
            frozenset({Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN}), Status.PUBLISHED, PUBLISH_STORY,
        ),
        Transition(
            "withdraw", "Withdraw", "withdrawn",
            frozenset({Status.PUBLISHED}), Status.WITHDRAWN, PUBLISH_STORY, asks="Why", needs_reason=True,
        ),
    )
}  # fmt: skip


class Workflow(models.Model):
    """The verbs of Story. They write only what a move changes, so a stale copy can't undo another's edit."""

    class Meta:
        abstract = True

    def submit(self, *, by, comment: str = ""):
        """Give a draft to the editors. Every verb raises PermissionDenied, or MoveNotAllowed from another status.

        Each is recorded as a version of the story, with its comment.
        """
        with self._move("submit", by, comment):
            pass

    def send_back(self, *, by, comment: str = ""):
        """Give a story in review back to its writer, as a draft."""
        with self._move("send_back", by, comment):
            pass

    def publish(self, *, by, at: datetime | None = None, comment: str = ""):
        """Publish at that time, else at the time the story already has, else now. A future time schedules it."""
        with self._move("publish", by, comment):
            self.published_at = at or self.published_at or timezone.now()

    def withdraw(self, *, by, comment: str):
        """Take a published story back; its address then says that it is gone, and so do its preview links. The comment says why."""
        with self._move("withdraw", by, comment):
            self.preview_links.filter(revoked_at=None).update(revoked_at=timezone.now())

    def moves_for(self, user) -> list[Transition]:
        """The moves this person may make with this story now, in the table's order."""
        return [t for t in TRANSITIONS.values() if self.status in t.origins and self._may_move(user, t)]

    def may_be_changed_by(self, user) -> bool:
        """Editors may change any story, writers their own while it is a draft."""
        if not user.has_perm("stories.change_story"):
            return False
        return user.has_perm(PUBLISH_STORY) or (self.created_by_id == user.pk and self.status == Status.DRAFT)

    def _may_move(self, user, transition):
        return user.has_perm(transition.permission) and self.may_be_changed_by(user)

    @contextmanager
    def _move(self, name, by, comment):
        """Raises PermissionDenied, or MoveNotAllowed when somebody else has moved the story meanwhile."""
        transition = TRANSITIONS[name]
        with transaction.atomic():
            SiteVersion.lock()
            self.refresh_from_db(fields=MOVED)
            if self.status not in transition.origins:
                raise MoveNotAllowed(
                    f"“{self}” is {self.get_status_display().lower()}, so it can't be {transition.done}."
                )
            if not self._may_move(by, transition):
                raise PermissionDenied(f"{by} may not {transition.label.lower()} “{self}”.")
            if transition.needs_reason and not comment.strip():
                raise MoveNotAllowed(f"“{self}” was not {transition.done}: say why.")
            before = take_snapshot(type(self).objects.with_related().get(pk=self.pk)), self.status
            yield
            self.status = transition.target
            self.save(update_fields=["status", "published_at"])
            self.record(by=by, move=name, comment=comment, before=before)
