"""Some items, written to the database in one transaction by a few queries, however many they are.

Every item here has been checked; which items make a batch is for importing.py.
"""

from dataclasses import dataclass, field
from operator import attrgetter

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stories.models import Region, SiteVersion, Source, Status, Story, StoryTag, Tag

from .bulk_insert import insert, reserve
from .item import Item, Link, hex_digest
from .provenance import Provenance, digest
from .report import Outcome

INSERTED = [
    "id", "headline", "slug", "body", "region_id", "byline", "correction", "status", "published_at", "first_published_at",
    "created_at", "updated_at", "version", "import_ref", "imported",
]  # fmt: skip
REWRITTEN = [
    "headline", "body", "region", "byline", "correction", "published_at", "first_published_at", "version", "updated_at", "imported",
]  # fmt: skip


@dataclass
class Entry:
    """A story of the batch, what it has, and what its items add."""

    story: Story
    tags: set[int] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    next_position: int = 0
    new_tags: list[Tag] = field(default_factory=list)
    new_sources: list[tuple[Link, int]] = field(default_factory=list)
    is_new: bool = False
    is_touched: bool = False
    is_changed: bool = False

    def add_tag(self, tag: Tag) -> bool:
        if tag.pk in self.tags:
            return False
        self.tags.add(tag.pk)
        self.new_tags.append(tag)
        return True

    def add_source(self, link: Link) -> bool:
        if link.url in self.urls:
            return False
        self.urls.add(link.url)
        self.new_sources.append((link, self.next_position))
        self.next_position += 1
        return True


def write(items: list[Item]) -> list[Outcome]:
    """What became of each item, in their order. Raises DatabaseError, and has then written nothing."""
    with transaction.atomic():
        SiteVersion.lock()  # or an editor's change made between our look and our write would be lost
        batch = Batch(items)
        outcomes = [batch.take(item) for item in items]
        batch.save()
    return outcomes


class Batch:
    """The stories that the items are about: those the database has, and those that the items begin.

    An item meets what those before it did, so that it makes no difference which items share a batch.
    """

    def __init__(self, items: list[Item]):
        self.now = timezone.now()
        self.regions = Region.objects.ensure(dict.fromkeys(item.region for item in items))
        self.tags = Tag.objects.ensure(dict.fromkeys(tag for item in items for tag in item.tags))
        self.entries, self.by_reference, self.by_slug = [], {}, {}
        self._find_stories(items)
        self._find_the_rest(items)

    def take(self, item: Item) -> Outcome:
        entry = self._entry_of(item)
        if entry is None:
            self._begin(item)
            return Outcome.CREATED
        if not self._may_change(entry, item):
            return Outcome.UNCHANGED
        memory = Provenance(entry.story, item.origin)
        is_rewritten = self._rewrite(entry.story, item, memory)
        is_changed = self._add_terms(entry, item, memory) or is_rewritten
        memory.saw(item)
        entry.is_touched = True
        entry.is_changed |= is_changed
        return Outcome.UPDATED if is_changed else Outcome.UNCHANGED

    def save(self) -> None:
        new = [entry.story for entry in self.entries if entry.is_new]
        for story, pk in zip(new, reserve(Story, len(new)) if new else [], strict=True):
            story.pk = pk
        # Before its story, which is then put into the index of words with them, once.
        insert(Source, ["story", "url", "label", "position"], self._sources_added())
        self._insert(new)
        self._update([entry for entry in self.entries if entry.is_touched and not entry.is_new])
        insert(StoryTag, ["content_object", "tag", "live_at", "region"], self._tags_added())

    def _tags_added(self):
        # With the story's copies, or the database would write each row twice; it corrects those that have changed.
        stories = [(entry.story, entry.new_tags) for entry in self.entries if entry.new_tags]
        return [(story.pk, tag.pk, story.live_at, story.region_id) for story, tags in stories for tag in tags]

    def _sources_added(self):
        added = [(entry.story.pk, *source) for entry in self.entries for source in entry.new_sources]
        return [(pk, link.url, link.label, position) for pk, link, position in added]

    def _find_stories(self, items):
        references = [item.import_ref for item in items if item.import_ref]
        slugs = [item.slug for item in items if not item.import_ref]
        known = Story.objects.only("slug", "import_ref", "imported").order_by("pk")
        for story in known.filter(Q(import_ref__in=references) | Q(slug__in=slugs)):
            self._register(Entry(story))

    def _find_the_rest(self, items):
        """All that the stories hold which an item may change: most items were seen before, and change nothing."""
        entries = [entry for item in items if (entry := self._entry_of(item)) and self._may_change(entry, item)]
        by_pk = {entry.story.pk: entry for entry in entries}
        if not by_pk:
            return
        for story in Story.objects.select_related("region").filter(pk__in=by_pk):
            by_pk[story.pk].story = story
        for pk, tag in StoryTag.objects.filter(content_object__in=by_pk).values_list("content_object", "tag"):
            by_pk[pk].tags.add(tag)
        for source in Source.objects.filter(story__in=by_pk):
            entry = by_pk[source.story_id]
            entry.urls.add(source.url)
            entry.next_position = max(entry.next_position, source.position + 1)

    def _entry_of(self, item):
        return self.by_reference.get(item.import_ref) if item.import_ref else self.by_slug.get(item.slug)

    def _may_change(self, entry, item):
        memory = Provenance(entry.story, item.origin)
        return memory and not memory.has_seen(item)

    def _register(self, entry):
        self.entries.append(entry)
        # What has no reference, or no slug yet, stands under None or "": no item looks for these.
        self.by_reference.setdefault(entry.story.import_ref, entry)
        self.by_slug.setdefault(entry.story.slug, entry)

    def _begin(self, item):
        story = Story(
            slug=item.slug,
            status=item.status,
            published_at=item.published_at,
            first_published_at=item.first_published_at
            or (item.published_at if item.status == Status.PUBLISHED else None),
            created_at=item.created_at or self.now,
            updated_at=item.updated_at or self.now,
            import_ref=item.import_ref,
            imported=item.imported,
        )
        entry = Entry(story, is_new=True)
        memory = Provenance(story, item.origin)
        memory.begin()
        for name, value in self._fields(item).items():
            setattr(story, name, value)
            memory.brought(name, value)
        self._add_terms(entry, item, memory)
        memory.saw(item)
        self._register(entry)

    def _rewrite(self, story, item, memory):
        """Takes what the item says anew, where the story still is as an import brought it."""
        taken = False
        for name, value in self._fields(item).items():
            ours = getattr(story, name)
            if digest(value) != digest(ours) and memory.is_untouched(name, ours):
                setattr(story, name, value)
                memory.brought(name, value)
                taken = True
        if taken:
            story.settle_first_publication()
        return taken

    def _fields(self, item):
        return item.fields() | {"region": self.regions[item.region]}

    def _add_terms(self, entry, item, memory):
        """Adds the tags and sources that no import has brought yet: one that has gone since, an editor removed."""
        added = [entry.add_tag(self.tags[name]) for name in item.tags if memory.is_new_tag(name, self.tags[name])]
        added += [entry.add_source(link) for link in item.sources if memory.is_new_source(link.url)]
        return any(added)

    def _insert(self, stories):
        if not stories:
            return
        Story.objects.with_free_slugs(stories)
        for story in stories:
            if len(story.slug) > Story._meta.get_field("slug").max_length:
                # A long slug from a file was taken, and the number that tells them apart did not fit.
                story.slug = f"{story.slug[:90]}-{hex_digest(story.slug)}"
        insert(Story, INSERTED, list(map(attrgetter(*INSERTED), stories)))
        by_pk = {story.pk: story for story in stories}
        for pk, live_at in Story.objects.filter(pk__in=by_pk).values_list("pk", "live_at"):
            by_pk[pk].live_at = live_at

    def _update(self, entries):
        for entry in entries:
            if entry.is_changed:
                entry.story.version += 1
                entry.story.updated_at = self.now
        if entries:
            Story.objects.bulk_update([entry.story for entry in entries], REWRITTEN)
