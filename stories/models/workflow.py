"""The workflow: the statuses of a story, the moves between them, and who may make them.

Buttons, bulk actions and the shell all call the verbs of Workflow. None of them knows a status or a permission.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Case, F, When
from django.utils import timezone

from .errors import MoveNotAllowed
from .site_version import SiteVersion

if TYPE_CHECKING:
    from .preview_link import PreviewLink
    from .revision import Revision
    from .snapshot import Snapshot


# Every time zone can show moments between these.
FIRST_MOMENT, LAST_MOMENT = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

BAD_DATE = f"Enter a date between {FIRST_MOMENT.year} and {LAST_MOMENT.year - 1}."


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


@dataclass(frozen=True)
class Transition:
    """A move: `label` is its button. `done` completes "The story was ...", `did` completes "The user ..."."""

    name: str
    label: str
    done: str
    did: str
    origins: frozenset[Status]
    target: Status
    permission: str
    # Label of the comment box, for moves that have one.
    comment_label: str = ""
    needs_reason: bool = False


PUBLISH_STORY = "stories.publish_story"
# Columns that a move reads or writes. They are read again under the lock, because somebody may just have moved the story.
MOVED_COLUMNS = ["status", "published_at", "first_published_at", "created_by", "version"]

TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition(
            "submit", "Submit for review", "submitted for review", "submitted it for review",
            frozenset({Status.DRAFT}), Status.IN_REVIEW, "stories.submit_story",
        ),
        Transition(
            "send_back", "Send back", "sent back", "sent it back",
            frozenset({Status.IN_REVIEW}), Status.DRAFT, PUBLISH_STORY,
            comment_label="Note to the writer (optional):",
        ),
        Transition(
            "publish", "Publish", "published", "published it",
            frozenset({Status.DRAFT, Status.IN_REVIEW, Status.WITHDRAWN}), Status.PUBLISHED, PUBLISH_STORY,
        ),
        Transition(
            "withdraw", "Withdraw", "withdrawn", "withdrew it",
            frozenset({Status.PUBLISHED}), Status.WITHDRAWN, PUBLISH_STORY,
            comment_label="Reason for withdrawing:", needs_reason=True,
        ),
    )
}  # fmt: skip


class Workflow(models.Model):
    """The verbs of Story. They write only the columns of the move, so a stale instance can't undo another edit.

    Every verb raises PermissionDenied, or MoveNotAllowed when the status doesn't allow it. Each move is recorded as a
    revision with its comment.
    """

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(
        "publish date",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(FIRST_MOMENT, BAD_DATE),
            MaxValueValidator(LAST_MOMENT, BAD_DATE),
        ],
        help_text="Leave empty to publish now, or pick a future time to schedule.",
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    live_at = models.GeneratedField(
        expression=Case(When(status=Status.PUBLISHED, then=F("published_at"))),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="stories", editable=False
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # Defined by Story and by the model of preview links.
        preview_links: models.Manager[PreviewLink]

        def snapshot(self) -> Snapshot: ...

        def record(
            self,
            *,
            by: User | None = None,
            move: str = "",
            comment: str = "",
            before: tuple[Snapshot, str] | None = None,
            coalesce: bool = True,
        ) -> Revision: ...

    @property
    def is_live(self) -> bool:
        """Tell whether readers see the story now, by the same rule as `published()`."""
        return self.live_at is not None and self.live_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.live_at is not None and self.live_at > timezone.now()

    @property
    def was_live(self) -> bool:
        """Tell whether readers could ever see the story, so that its URL must keep answering."""
        return self.first_published_at is not None and self.first_published_at <= timezone.now()

    def settle_first_publication(self) -> None:
        """Let the first publication follow the publish date until readers could see the story. Then it stays."""
        if self.was_live:
            return
        self.first_published_at = self.published_at if self.status == Status.PUBLISHED else None

    def submit(self, *, by: User, comment: str = "") -> None:
        """Submit a draft for review."""
        with self._move("submit", by, comment):
            pass

    def send_back(self, *, by: User, comment: str = "") -> None:
        """Return a story in review to its writer, as a draft."""
        with self._move("send_back", by, comment):
            pass

    def publish(self, *, by: User, at: datetime | None = None, comment: str = "") -> None:
        """Publish at this time, else at the story's publish date, else now. A future time schedules the story."""
        with self._move("publish", by, comment):
            self.published_at = at or self.published_at or timezone.now()

    def withdraw(self, *, by: User, comment: str) -> None:
        """Withdraw a published story: its URL answers 410, and its preview links are revoked. Needs a reason."""
        with self._move("withdraw", by, comment):
            self.preview_links.filter(revoked_at=None).update(revoked_at=timezone.now())

    def moves_for(self, user: User) -> list[Transition]:
        """Return the moves that this user may make now, in the order of the table."""
        return [t for t in TRANSITIONS.values() if self.status in t.origins and self._may_move(user, t)]

    def may_be_changed_by(self, user: User) -> bool:
        """Let editors change any story, and writers their own drafts."""
        if not user.has_perm("stories.change_story"):
            return False
        return user.has_perm(PUBLISH_STORY) or (self.created_by_id == user.pk and self.status == Status.DRAFT)

    def _may_move(self, user: User, transition: Transition) -> bool:
        return user.has_perm(transition.permission) and self.may_be_changed_by(user)

    @contextmanager
    def _move(self, name: str, by: User, comment: str) -> Iterator[None]:
        """Make a move and record it; the body of the `with` sets further columns."""
        transition = TRANSITIONS[name]
        with transaction.atomic():
            SiteVersion.lock()
            self.refresh_from_db(fields=MOVED_COLUMNS)
            self._check_move(transition, by, comment)
            before = self.snapshot(), self.status
            yield
            self.status = transition.target
            self.save(update_fields=["status", "published_at"])
            self.record(by=by, move=name, comment=comment, before=before)

    def _check_move(self, transition: Transition, by: User, comment: str) -> None:
        if self.status not in transition.origins:
            status = self.get_status_display().lower()
            raise MoveNotAllowed(f"“{self}” is {status}, so it can't be {transition.done}.")
        if not self._may_move(by, transition):
            raise PermissionDenied(f"{by} may not {transition.label.lower()} “{self}”.")
        if transition.needs_reason and not comment.strip():
            raise MoveNotAllowed(f"Enter a reason to {transition.name} “{self}”.")
