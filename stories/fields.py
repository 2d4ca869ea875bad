"""The editable fields of a story: one table for every place that stores, merges, shows, imports or exports them.

docs/contributing/add-a-field.md adds one step by step. This module knows no model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """The type of a field's value. In a snapshot, every value is plain JSON."""

    LINE = auto()  # plain text in one line
    TEXT = auto()  # plain text in a taller box
    RICH_TEXT = auto()  # sanitised HTML
    DATE = auto()  # UTC in ISO 8601, cut to the minute; "" for none
    CHOICE = auto()  # a key; "" for none
    REGION = auto()  # the region's name
    TAGS = auto()  # a list of names
    SOURCES = auto()  # a list of [url, label]


LIST_KINDS = {Kind.TAGS, Kind.SOURCES}


@dataclass(frozen=True)
class Field:
    """One row of the table.

    `default` is the value for snapshots that are older than the field; it must be what the column's default is.
    """

    name: str
    label: str
    kind: Kind
    # The fieldset of the story form, a key of FORM_SECTIONS.
    section: str
    default: str = ""
    in_lists: bool = True
    in_export: bool = True
    in_search: bool = False
    # Whether every story has a value. Saving finds a slug for a story without one.
    is_required: bool = False
    # Whether a restored version brings its value back, and a duplicate starts with it.
    is_restored: bool = True
    is_copied: bool = True

    @property
    def is_list(self) -> bool:
        return self.kind in LIST_KINDS

    @property
    def is_column(self) -> bool:
        """Tell a column of Story from rows of another table."""
        return not self.is_list

    @property
    def empty(self) -> str | list:
        return [] if self.is_list else self.default


# Headings of the form's fieldsets, in their order.
FORM_SECTIONS = {"text": None, "place": "Where it appears", "details": "Details"}

# The order is that of the form within each section, and of differences on screen.
FIELDS = (
    Field("headline", "Headline", Kind.LINE, "text", in_search=True, is_required=True),
    Field("standfirst", "Standfirst", Kind.TEXT, "text", in_search=True),
    Field("body", "Body", Kind.RICH_TEXT, "text", in_search=True, is_required=True),
    Field("sources", "Sources", Kind.SOURCES, "text"),
    Field("region", "Region", Kind.REGION, "place", is_required=True),
    Field("tags", "Tags", Kind.TAGS, "place"),
    # A copy is a new story: it has no date and no correction, and its slug must differ.
    Field("published_at", "Publish date", Kind.DATE, "place", is_copied=False),
    Field("byline", "Byline", Kind.LINE, "details", in_search=True),
    Field("correction", "Correction", Kind.TEXT, "details", is_copied=False),
    Field("language", "Language", Kind.CHOICE, "details"),
    # A slug stays once readers could see it, so restoring a version doesn't touch it.
    Field("slug", "Slug", Kind.LINE, "details", is_restored=False, is_copied=False, is_required=True),
)


def columns() -> Iterator[Field]:
    """Yield the fields that are columns of Story."""
    return (field for field in FIELDS if field.is_column)


def optional_texts() -> Iterator[Field]:
    """Yield the exported text columns that a story may do without: a file may not mention them."""
    kinds = {Kind.LINE, Kind.TEXT, Kind.RICH_TEXT, Kind.CHOICE}
    return (field for field in columns() if field.in_export and field.kind in kinds and not field.is_required)


def get_field(name: str) -> Field:
    """Return the field of this name. Raises KeyError."""
    return {field.name: field for field in FIELDS}[name]
