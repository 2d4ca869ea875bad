"""Panels of the dashboard that list stories, and the queries that fill them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories.admin.story.list_filters import MissingFilter
from stories.models import TRANSITIONS, Revision, Status, Story

# A panel shows this many stories, and counts no further than MAX_COUNTED.
MAX_SHOWN, MAX_COUNTED = 6, 50
# A story in review is late after this many days.
LATE_DAYS = 2
PART_NAMES = {"tags": gettext_lazy("tags"), "sources": gettext_lazy("sources")}


@dataclass(frozen=True)
class StoryRow:
    """A story in a panel, with the revision that last changed its status, if any."""

    story: Story
    last_move: Revision | None = None

    @property
    def since(self) -> datetime:
        """The time of the last change of status; without one, of the last save."""
        return self.last_move.at if self.last_move else self.story.updated_at

    @property
    def was_sent_back(self) -> bool:
        return self.story.status == Status.DRAFT and self.last_move is not None and self.last_move.move == "send_back"

    @property
    def is_late(self) -> bool:
        return self.story.status == Status.IN_REVIEW and self.days >= LATE_DAYS

    @property
    def days(self) -> int:
        """Whole days since the last change of status."""
        return (timezone.now() - self.since).days

    @property
    def missing(self) -> list[str]:
        """The parts that the story hasn't got: "tags", "sources"."""
        return [name for name in MissingFilter.parts if not getattr(self.story, f"has_{name}")]

    @property
    def missing_text(self) -> str:
        """The missing parts as text, such as "no tags or sources"; empty if the story has all."""
        names = get_text_list([str(PART_NAMES[part]) for part in self.missing], _("or"))
        return _("no %(parts)s") % {"parts": names} if names else ""


@dataclass(frozen=True)
class StoryPanel:
    """A list of stories under a title. `links` maps the text of a link to a query of the story list."""

    name: str
    title: str
    rows: list[StoryRow]
    links: dict[str, str]
    empty_text: str = ""
    shows_writers: bool = False

    @property
    def shown(self) -> list[StoryRow]:
        return self.rows[:MAX_SHOWN]

    @property
    def count(self) -> str:
        return f"{MAX_COUNTED}+" if len(self.rows) > MAX_COUNTED else str(len(self.rows))

    @property
    def has_more(self) -> bool:
        return len(self.rows) > MAX_SHOWN


def first_pks(stories: QuerySet[Story], number: int) -> list[int]:
    return list(stories.values_list("pk", flat=True)[:number])


def annotate_parts(pks: list[int]) -> QuerySet:
    """Select these stories with `has_tags` and `has_sources`.

    By primary keys: for any other condition PostgreSQL reads the tags and sources of all stories.
    """
    parts = {f"has_{name}": Exists(part) for name, part in MissingFilter.parts.items()}
    return Story.objects.filter(pk__in=pks).annotate(**parts)


def load_rows(pks: list[int]) -> list[StoryRow]:
    """Return rows for these stories, in this order. Two queries."""
    stories = annotate_parts(pks).select_related("region", "created_by").defer("body", "imported").in_bulk()
    moves = Revision.objects.filter(story__in=pks, move__in=TRANSITIONS)
    last_moves = {move.story: move for move in moves.order_by("number").select_related("by").defer("content")}
    return [StoryRow(stories[pk], last_moves.get(pk)) for pk in pks if pk in stories]


def load_longest_waiting(stories: QuerySet[Story]) -> list[StoryRow]:
    """Return rows for the first stories, the longest in their status first. Three queries."""
    pks = first_pks(stories.order_by("updated_at", "pk"), MAX_COUNTED + 1)
    return sorted(load_rows(pks), key=lambda row: row.since)
