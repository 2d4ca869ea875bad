"""One story as a file tells it, the same for every format. It knows no model: checking.py says whether it
could be a story, batch.py makes it one."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from stories.text.normalize import normal_form

K2, JSON_LINES = "k2", "json"
# A file names the same few tags and regions a thousand times over.
cached_normal_form = lru_cache(maxsize=10_000)(normal_form)


class Refused(Exception):
    """A file or an item that can't be imported. Its text, which follows a file's name, is for the operator."""


@dataclass(frozen=True)
class Failure:
    place: str
    reason: str


@dataclass(frozen=True)
class Link:
    url: str
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    place: str
    origin: str
    headline: str
    body: str
    region: str
    tags: tuple[str, ...]
    sources: tuple[Link, ...] = ()
    lost_sources: int = 0
    import_ref: str | None = None
    slug: str = ""
    byline: str | None = None
    correction: str | None = None
    status: str | None = None
    published_at: datetime | None = None
    # False: `published_at` is the operator's guess, which a later guess must not correct.
    is_dated: bool = True
    first_published_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    imported: dict | None = None

    def fields(self) -> dict:
        """What the file says of the story's own fields; what it does not say is left out."""
        said = {name: getattr(self, name) for name in ("headline", "body", "region", "byline", "correction")}
        if self.is_dated:
            said["published_at"] = self.published_at
        return {name: value for name, value in said.items() if value is not None}

    @cached_property
    def digest(self) -> str:
        sources = [[source.url, source.label] for source in self.sources]
        said = [self.fields(), self.tags, sources, self.status, self.updated_at]
        return hex_digest(json.dumps(said, default=str))


def hex_digest(text: str, length: int = 16) -> str:
    """Hexadecimal digits that tell this text from others."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def make_reference(kind: str, text: str) -> str:
    """What a story without a number of its own is known by: its words, however they are spaced."""
    return f"{kind}:{hex_digest(' '.join(text.split()), 32)}"
