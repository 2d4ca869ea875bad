"""The dashboard of one user: unsaved changes, stories to work on, the coming week and charts of published stories."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from stories.admin.story.autosave import form_path
from stories.admin.story.list_filters import MAX_SAMPLED_STORIES, last_saved
from stories.models import PUBLISH_STORY, Autosave, Status, Story

from .charts import Charts
from .panels import (
    MAX_COUNTED,
    MAX_SHOWN,
    StoryPanel,
    StoryRow,
    annotate_parts,
    first_pks,
    load_longest_waiting,
    load_rows,
)
from .week import WeekCalendar


@dataclass(frozen=True)
class UnsavedForm:
    """A story form with unsaved changes."""

    headline: str
    at: datetime
    path: str


class Dashboard:
    """The dashboard of a user who may see stories. At most 18 queries, however many stories there are."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.can_write = user.has_perm("stories.add_story")
        self.can_publish = user.has_perm(PUBLISH_STORY)
        self.week, self.charts = WeekCalendar(), Charts()

    @cached_property
    def unsaved(self) -> list[UnsavedForm]:
        """Unsaved changes in the user's latest forms. One query."""
        latest = Autosave.objects.filter(by=self.user).order_by("-at").values("pk")[:MAX_SAMPLED_STORIES]
        unsaved = Autosave.objects.filter(pk__in=latest, saved_at=None, typed__isnull=False)
        return [
            UnsavedForm(form.typed["headline"] if form.typed else "", form.at, form_path(form.story_id))
            for form in unsaved.order_by("-at")[:MAX_SHOWN]
        ]

    @property
    def panels(self) -> list[StoryPanel]:
        """The stories to work on. For editors, "Waiting for review" includes their own stories."""
        own, panels = f"author={self.user.pk}&state=", []
        if self.can_publish:
            links, empty = {_("See all"): "state=in_review"}, _("No stories are waiting for review.")
            title = _("Waiting for review")
            panels.append(StoryPanel("waiting", title, self.waiting, links, empty, shows_writers=True))
        if self.sent_back:
            links = {_("See all your drafts"): f"{own}draft"}
            panels.append(StoryPanel("back", _("Sent back to you"), self.sent_back, links))
        if self.drafts or (self.can_write and not self.can_publish):
            links, empty = {_("See all"): f"{own}draft"}, _("You have no drafts.")
            panels.append(StoryPanel("drafts", _("Your drafts"), self.drafts, links, empty))
        if self.can_write and not self.can_publish:
            links, empty = {_("See all"): f"{own}in_review"}, _("You have no stories in review.")
            panels.append(StoryPanel("review", _("Your stories in review"), self.in_review, links, empty))
        return panels

    @cached_property
    def waiting(self) -> list[StoryRow]:
        """All stories in review, the longest waiting first."""
        return load_longest_waiting(Story.objects.filter(status=Status.IN_REVIEW))

    @cached_property
    def in_review(self) -> list[StoryRow]:
        """The user's stories in review, the longest waiting first."""
        return load_longest_waiting(Story.objects.filter(status=Status.IN_REVIEW, created_by=self.user))

    @property
    def sent_back(self) -> list[StoryRow]:
        return [row for row in self._drafts if row.was_sent_back]

    @property
    def drafts(self) -> list[StoryRow]:
        return [row for row in self._drafts if not row.was_sent_back]

    @cached_property
    def _drafts(self) -> list[StoryRow]:
        own = last_saved().filter(status=Status.DRAFT, created_by=self.user)
        return load_rows(first_pks(own, MAX_COUNTED + 1)) if self.can_write else []

    @cached_property
    def incomplete(self) -> StoryPanel:
        """Published and scheduled stories without tags or sources, among those saved last. Four queries."""
        latest = first_pks(last_saved().filter(status=Status.PUBLISHED), MAX_SAMPLED_STORIES)
        without_a_part = annotate_parts(latest).exclude(has_tags=True, has_sources=True)
        incomplete = set(without_a_part.values_list("pk", flat=True))
        rows = load_rows([pk for pk in latest if pk in incomplete][: MAX_COUNTED + 1])
        links = {_("Without tags"): "missing=tags", _("Without sources"): "missing=sources"}
        title = _("Published without tags or sources")
        empty = _("None among the %(count)s stories saved last.") % {"count": MAX_SAMPLED_STORIES}
        return StoryPanel("incomplete", title, rows, links, empty, shows_writers=True)
