"""One story of a batch: its values in the database, and what items change in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stories.models import Region, Status, Story, Tag

from .item import Item, Link
from .provenance import Provenance, digest


@dataclass(frozen=True)
class Terms:
    """The regions and tags that the items of a batch name, by name."""

    regions: dict[str, Region]
    tags: dict[str, Tag]

    @classmethod
    def ensure(cls, items: Iterable[Item]) -> "Terms":
        """Fetch the terms, creating those that don't exist. Four queries, and a few more for new terms."""
        regions = Region.objects.ensure(dict.fromkeys(item.region for item in items))
        tags = Tag.objects.ensure(dict.fromkeys(tag for item in items for tag in item.tags))
        return cls(regions, tags)

    def content(self, item: Item) -> dict[str, Any]:
        """Return the item's content with the region itself instead of its name."""
        return item.content() | {"region": self.regions[item.region]}


@dataclass
class PendingStory:
    """A story that a batch inserts or updates."""

    story: Story
    is_new: bool = False
    # An item applied to the story, so at least its provenance must be saved.
    is_touched: bool = False
    # Its content differs from before, so it gets a new version number.
    is_changed: bool = False
    tag_pks: set[int] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    next_position: int = 0
    new_tags: list[Tag] = field(default_factory=list)
    new_sources: list[tuple[Link, int]] = field(default_factory=list)

    @classmethod
    def create(cls, item: Item, terms: Terms, now: datetime) -> "PendingStory":
        """Begin a new story from an item."""
        is_published = item.status == Status.PUBLISHED
        story = Story(
            slug=item.slug,
            status=item.status or Status.DRAFT,
            published_at=item.published_at,
            first_published_at=item.first_published_at or (item.published_at if is_published else None),
            created_at=item.created_at or now,
            updated_at=item.updated_at or now,
            import_ref=item.import_ref,
            imported=item.imported,
        )
        pending = cls(story, is_new=True)
        provenance = Provenance.start(story, item.origin)
        for name, value in terms.content(item).items():
            pending._set(name, value, provenance)
        pending._add_tags_and_sources(item, terms, provenance)
        provenance.mark_seen(item)
        return pending

    def accepts(self, item: Item) -> bool:
        """Tell whether the item may change the story: the story came from the same origin, and the item is new."""
        return self._provenance_for(item) is not None

    def update(self, item: Item, terms: Terms) -> bool:
        """Take the item's values, except where an editor changed the story. Return True if this changed anything."""
        provenance = self._provenance_for(item)
        if provenance is None:
            return False
        has_new_content = self._rewrite(item, terms, provenance)
        has_new_terms = self._add_tags_and_sources(item, terms, provenance)
        provenance.mark_seen(item)
        self.is_touched = True
        is_changed = has_new_content or has_new_terms
        self.is_changed |= is_changed
        return is_changed

    def _provenance_for(self, item: Item) -> Provenance | None:
        provenance = Provenance.find(self.story, item.origin)
        return None if provenance is None or provenance.has_seen(item) else provenance

    def _rewrite(self, item: Item, terms: Terms, provenance: Provenance) -> bool:
        is_rewritten = False
        for name, value in terms.content(item).items():
            current = getattr(self.story, name)
            if digest(value) != digest(current) and provenance.is_unedited(name, current):
                self._set(name, value, provenance)
                is_rewritten = True
        if is_rewritten:
            self.story.settle_first_publication()
        return is_rewritten

    def _set(self, name: str, value: Any, provenance: Provenance) -> None:
        setattr(self.story, name, value)
        provenance.record_field(name, value)

    def _add_tags_and_sources(self, item: Item, terms: Terms, provenance: Provenance) -> bool:
        """Add those that were never imported before. If one was, and the story lacks it, an editor removed it."""
        tags = [terms.tags[name] for name in item.tags if provenance.record_tag(name, terms.tags[name])]
        links = [link for link in item.sources if provenance.record_source(link.url)]
        added = [*map(self._add_tag, tags), *map(self._add_source, links)]
        return any(added)

    def _add_tag(self, tag: Tag) -> bool:
        if tag.pk in self.tag_pks:
            return False
        self.tag_pks.add(tag.pk)
        self.new_tags.append(tag)
        return True

    def _add_source(self, link: Link) -> bool:
        if link.url in self.urls:
            return False
        self.urls.add(link.url)
        self.new_sources.append((link, self.next_position))
        self.next_position += 1
        return True
