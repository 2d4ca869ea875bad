"""What the admin's first page tells a person: what is hers to do, what waits for editors, the week, and the newsroom's output.

The week is in week.py, the charts in output.py.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists
from django.utils import timezone

from stories.admin.story.autosave import form_path
from stories.admin.story.list_filters import NEWEST, LacksFilter, last_saved
from stories.models import PUBLISH_STORY, TRANSITIONS, Autosave, Revision, Status, Story

from .output import Output
from .week import Week

# A list shows the first so many, and counts no further than to MOST.
SHOWN, MOST = 6, 50
# Days in review.
LATE = 2


@dataclass(frozen=True)
class Row:
    """A story, and the last move it made, if any."""

    story: Story
    moved: Revision | None = None

    @property
    def since(self) -> datetime:
        """When it came where it is."""
        return self.moved.at if self.moved else self.story.updated_at

    @property
    def was_sent_back(self) -> bool:
        return self.story.status == Status.DRAFT and self.moved is not None and self.moved.move == "send_back"

    @property
    def is_late(self) -> bool:
        return self.story.status == Status.IN_REVIEW and self.days >= LATE

    @property
    def days(self) -> int:
        return (timezone.now() - self.since).days

    @property
    def lacks(self) -> list[str]:
        return [name for name in LacksFilter.parts if not getattr(self.story, f"has_{name}")]


@dataclass(frozen=True)
class Panel:
    """A list of stories. `links` lead to more of them: what each says, and its query in the story list."""

    name: str
    title: str
    rows: list[Row]
    links: dict[str, str]
    nothing: str = ""
    are_everybodys: bool = False

    @property
    def shown(self) -> list[Row]:
        return self.rows[:SHOWN]

    @property
    def count(self) -> str:
        return f"{MOST}+" if len(self.rows) > MOST else str(len(self.rows))

    @property
    def has_more(self) -> bool:
        return len(self.rows) > SHOWN


@dataclass(frozen=True)
class Unsaved:
    """What was typed in a form and not saved yet."""

    headline: str
    at: datetime
    address: str


class Dashboard:
    """For one person, who may see stories. Eighteen queries at most, however many stories there are."""

    def __init__(self, person):
        self.person = person
        self.writes = person.has_perm("stories.add_story")
        self.edits = person.has_perm(PUBLISH_STORY)
        self.week, self.output = Week(), Output()

    @cached_property
    def unsaved(self) -> list[Unsaved]:
        """Of the forms she had open last. One query."""
        forms = Autosave.objects.filter(by=self.person).order_by("-at")
        kept = Autosave.objects.filter(pk__in=forms.values("pk")[:NEWEST], saved_at=None, typed__isnull=False)
        return [
            Unsaved(form.typed["headline"], form.at, form_path(form.story_id)) for form in kept.order_by("-at")[:SHOWN]
        ]

    @property
    def panels(self) -> list[Panel]:
        """What is to do. An editor's own stories in review are among those that wait."""
        mine, panels = f"author={self.person.pk}&state=", []
        if self.edits:
            every, nothing = {"See all": "state=in_review"}, "Nothing waits for review."
            panels.append(Panel("waiting", "Waiting for review", self.waiting, every, nothing, are_everybodys=True))
        if self.sent_back:
            panels.append(Panel("back", "Sent back to you", self.sent_back, {"See all your drafts": f"{mine}draft"}))
        if self.drafts or (self.writes and not self.edits):
            every, nothing = {"See all": f"{mine}draft"}, "You have no drafts."
            panels.append(Panel("drafts", "Your drafts", self.drafts, every, nothing))
        if self.writes and not self.edits:
            every, nothing = {"See all": f"{mine}in_review"}, "Nothing of yours is in review."
            panels.append(Panel("review", "Yours in review", self.in_review, every, nothing))
        return panels

    @cached_property
    def waiting(self) -> list[Row]:
        """Everybody's in review, the longest there first."""
        return longest_first(Story.objects.filter(status=Status.IN_REVIEW))

    @cached_property
    def in_review(self) -> list[Row]:
        """Hers, the longest there first."""
        return longest_first(Story.objects.filter(status=Status.IN_REVIEW, created_by=self.person))

    @property
    def sent_back(self) -> list[Row]:
        return [row for row in self._drafts if row.was_sent_back]

    @property
    def drafts(self) -> list[Row]:
        return [row for row in self._drafts if not row.was_sent_back]

    @cached_property
    def _drafts(self):
        mine = last_saved().filter(status=Status.DRAFT, created_by=self.person)
        return rows(first_keys(mine)) if self.writes else []

    @cached_property
    def lacking(self) -> Panel:
        """Those of the newest that readers see, or will see, without tags or sources. Four queries."""
        newest = first_keys(last_saved().filter(status=Status.PUBLISHED), NEWEST)
        lacking = set(with_parts(newest).exclude(has_tags=True, has_sources=True).values_list("pk", flat=True))
        found = rows([pk for pk in newest if pk in lacking][: MOST + 1])
        links, nothing = (
            {f"Without {name}": f"lacks={name}" for name in LacksFilter.parts},
            "None, of those last saved.",
        )
        return Panel("lacking", "Published without tags or sources", found, links, nothing, are_everybodys=True)


def first_keys(stories, number=MOST + 1) -> list[int]:
    return list(stories.values_list("pk", flat=True)[:number])


def with_parts(keys):
    """These stories, with whether each has tags and sources. By their keys, or PostgreSQL would read those of all stories."""
    return Story.objects.filter(pk__in=keys).annotate(
        **{f"has_{name}": Exists(parts) for name, parts in LacksFilter.parts.items()}
    )


def rows(keys: list[int]) -> list[Row]:
    """These stories in this order, with their last moves. Two queries."""
    found = with_parts(keys).select_related("region", "created_by").defer("body", "imported").in_bulk()
    moves = Revision.objects.filter(story__in=keys, move__in=TRANSITIONS)
    last = moves.order_by("number").select_related("by").defer("content")
    moved = {version.story: version for version in last}
    return [Row(found[pk], moved.get(pk)) for pk in keys if pk in found]


def longest_first(stories) -> list[Row]:
    """By when they came where they are. Three queries."""
    return sorted(rows(first_keys(stories.order_by("updated_at", "pk"))), key=lambda row: row.since)
