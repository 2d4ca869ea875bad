"""Write a batch of validated items in one transaction, with the same few queries however many they are.

pipeline.py decides which items share a batch, pending_story.py what an item changes in its story.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stories.fields import Kind, columns
from stories.models import SiteVersion, Source, Story, StoryTag

from .bulk_insert import insert_rows, reserve_keys
from .item import Item, hex_digest
from .pending_story import PendingStory, Terms
from .report import Outcome

INSERTED_FIELDS = (
    *("region_id" if field.kind is Kind.REGION else field.name for field in columns()),
    "id", "status", "first_published_at", "created_at", "updated_at", "version", "import_ref", "imported",
)  # fmt: skip
UPDATED_FIELDS = (
    *(field.name for field in columns() if field.is_restored),
    "first_published_at", "version", "updated_at", "imported",
)  # fmt: skip
_SLUG: Any = Story._meta.get_field("slug")
# A slug too long for the number that makes it unique gets a digest instead: 90 + 1 + 16 characters.
CUT_SLUG_CHARS = 90


def write_batch(items: list[Item]) -> list[Outcome]:
    """Write the items and return their outcomes, in order. Raises DatabaseError, and then nothing is written."""
    with transaction.atomic():
        # An editor's change between reading and writing would be lost otherwise.
        SiteVersion.lock()
        batch = Batch(items)
        outcomes = [batch.add(item) for item in items]
        batch.save()
    return outcomes


class Batch:
    """The stories that the items belong to: some are in the database, others are new.

    Each item sees what the items before it changed, so it makes no difference which items share a batch.
    """

    def __init__(self, items: list[Item]) -> None:
        self.now = timezone.now()
        self.terms = Terms.ensure(items)
        self.stories: list[PendingStory] = []
        self._by_reference: dict[str | None, PendingStory] = {}
        self._by_slug: dict[str, PendingStory] = {}
        self._find_stories(items)
        self._load_content(items)

    def add(self, item: Item) -> Outcome:
        """Apply the item to its story, or begin a new one."""
        pending = self._find(item)
        if pending is None:
            self._create(item)
            return Outcome.CREATED
        return Outcome.UPDATED if pending.update(item, self.terms) else Outcome.UNCHANGED

    def save(self) -> None:
        """Write all changes. At most seven queries, besides those for slugs that clash."""
        new = [pending.story for pending in self.stories if pending.is_new]
        for story, key in zip(new, reserve_keys(Story, len(new)), strict=True):
            story.pk = key
        # Sources first: a story is indexed for search as it is inserted, and the index includes its sources.
        self._insert_sources()
        insert_stories(new)
        self._update_stories()
        self._insert_tags()

    def _find(self, item: Item) -> PendingStory | None:
        return self._by_reference.get(item.import_ref) if item.import_ref else self._by_slug.get(item.slug)

    def _register(self, pending: PendingStory) -> None:
        self.stories.append(pending)
        # Stories without a reference or a slug share the keys None and "". No item is looked up by these.
        self._by_reference.setdefault(pending.story.import_ref, pending)
        self._by_slug.setdefault(pending.story.slug, pending)

    def _create(self, item: Item) -> None:
        self._register(PendingStory.create(item, self.terms, self.now))

    def _find_stories(self, items: list[Item]) -> None:
        """Find the items' stories, with the few columns that tell which items are new to them. One query."""
        references = [item.import_ref for item in items if item.import_ref]
        slugs = [item.slug for item in items if not item.import_ref]
        stories = Story.objects.only("slug", "import_ref", "imported").order_by("pk")
        for story in stories.filter(Q(import_ref__in=references) | Q(slug__in=slugs)):
            self._register(PendingStory(story))

    def _load_content(self, items: list[Item]) -> None:
        """Load all columns, tags and sources of the stories that may change: none if all items are known.

        At most three queries.
        """
        found = [pending for item in items if (pending := self._find(item)) and pending.accepts(item)]
        by_pk = {pending.story.pk: pending for pending in found}
        if not by_pk:
            return
        for story in Story.objects.select_related("region").filter(pk__in=by_pk):
            by_pk[story.pk].story = story
        for pk, tag_pk in StoryTag.objects.filter(content_object__in=by_pk).values_list("content_object", "tag"):
            by_pk[pk].tag_pks.add(tag_pk)
        for source in Source.objects.filter(story__in=by_pk):
            pending = by_pk[source.story_id]
            pending.urls.add(source.url)
            pending.next_position = max(pending.next_position, source.position + 1)

    def _insert_sources(self) -> None:
        added = [(pending.story.pk, *source) for pending in self.stories for source in pending.new_sources]
        rows = [(pk, link.url, link.label, position) for pk, link, position in added]
        insert_rows(Source, ["story", "url", "label", "position"], rows)

    def _update_stories(self) -> None:
        touched = [pending for pending in self.stories if pending.is_touched and not pending.is_new]
        for pending in touched:
            if pending.is_changed:
                pending.story.version += 1
                pending.story.updated_at = self.now
        if touched:
            Story.objects.bulk_update([pending.story for pending in touched], UPDATED_FIELDS)

    def _insert_tags(self) -> None:
        # With copies of two of the story's columns. Otherwise triggers would write each row a second time.
        added = [(pending.story, tag) for pending in self.stories for tag in pending.new_tags]
        rows = [(story.pk, tag.pk, story.live_at, story.region_id) for story, tag in added]
        insert_rows(StoryTag, ["content_object", "tag", "live_at", "region"], rows)


def insert_stories(stories: Iterable[Story]) -> None:
    """Insert new stories under free slugs, and read `live_at`, which the database computes."""
    stories = list(stories)
    if not stories:
        return
    Story.objects.with_free_slugs(stories)
    for story in stories:
        shorten_slug(story)
    insert_rows(Story, INSERTED_FIELDS, list(map(attrgetter(*INSERTED_FIELDS), stories)))
    by_pk = {story.pk: story for story in stories}
    for pk, live_at in Story.objects.filter(pk__in=by_pk).values_list("pk", "live_at"):
        by_pk[pk].live_at = live_at


def shorten_slug(story: Story) -> None:
    """Replace the end of a slug by a digest, if the number that made it unique made it too long."""
    if len(story.slug) > _SLUG.max_length:
        story.slug = f"{story.slug[:CUT_SLUG_CHARS]}-{hex_digest(story.slug)}"
