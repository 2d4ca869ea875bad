"""One story as a file gives it, in the same form for every format.

Nothing here touches the database: validation.py checks an item, batch.py writes it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from stories.text.normalize import normal_form

# A file repeats the same few tags and regions thousands of times.
cached_normal_form = lru_cache(maxsize=10_000)(normal_form)


class Rejected(Exception):
    """A file or item that can't be imported. The message follows the file's name in the report."""


@dataclass(frozen=True)
class Failure:
    """An item that a format couldn't read: its place in the file, and the reason."""

    place: str
    reason: str


@dataclass(frozen=True)
class Link:
    """A source of a story."""

    url: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A story as read from a file. None, or no key in `texts`, means that the file says nothing about the field."""

    place: str  # in the file, for the report: "item 3", "line 17"
    headline: str
    body: str
    region: str
    tags: tuple[str, ...]
    sources: tuple[Link, ...] = ()
    lost_sources: int = 0
    # A later import finds the story by its `import_ref`, or by its slug if it has none.
    import_ref: str | None = None
    slug: str = ""
    # The optional texts of stories/fields.py that the file gives, by the field's name.
    texts: dict[str, str] = field(default_factory=dict)
    status: str | None = None
    published_at: datetime | None = None
    # False if `published_at` is a guess. A later guess then doesn't change the date.
    is_dated: bool = True
    first_published_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    # Provenance from an export, see provenance.py.
    imported: dict[str, Any] | None = None
    # Key of the provenance that this item belongs to. Validation copies it from the format.
    origin: str = ""

    def content(self) -> dict[str, Any]:
        """Return {field: value} of the fields that the file gives and a later import may rewrite."""
        content = {"headline": self.headline, "body": self.body, "region": self.region} | self.texts
        return content | ({"published_at": self.published_at} if self.is_dated and self.published_at else {})

    @cached_property
    def digest(self) -> str:
        """Digest of everything that an import of this item would write."""
        sources = [[source.url, source.label] for source in self.sources]
        values = [self.content(), self.tags, sources, self.status, self.updated_at]
        return hex_digest(json.dumps(values, default=str))


def hex_digest(text: str, length: int = 16) -> str:
    """Return the first `length` hexadecimal digits of the text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def text_reference(prefix: str, text: str) -> str:
    """Return an `import_ref` made from the story's words, for stories without an ID. White space makes no difference."""
    return f"{prefix}:{hex_digest(' '.join(text.split()), 32)}"
