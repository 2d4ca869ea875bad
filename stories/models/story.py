"""The story. Its statuses are in workflow.py, its tags in story_tag.py, its links in source.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from taggit.managers import TaggableManager

from stories.fields import Kind, columns
from stories.paths import site_path
from stories.text.languages import language_choices
from stories.text.normalize import printable
from stories.text.slugs import first_free, is_numbered, slug_for

from .body import BodyField
from .region import Region
from .revision import Revision
from .site_version import SiteVersion
from .snapshot import Snapshot, take_snapshot
from .source import Source
from .story_tag import StoryTag, TagsOfStory
from .tag import Tag
from .workflow import Status, Workflow

MAX_HEADLINE_CHARS, MAX_SLUG_CHARS = 255, 120
# Room for the number of a slug that is taken.
SLUG_SUFFIX_CHARS = 10


class StoryQuerySet(models.QuerySet["Story"]):
    def published(self) -> StoryQuerySet:
        """Filter the stories that readers may see now."""
        return self.filter(live_at__lte=timezone.now())

    def newest_first(self) -> StoryQuerySet:
        return self.order_by("-live_at", "-pk")

    def with_related(self) -> StoryQuerySet:
        """Prefetch region, tags and sources: three queries."""
        tags = models.Prefetch("story_tags", StoryTag.objects.select_related("tag"))
        return self.select_related("region").prefetch_related("sources", tags)

    def with_free_slugs(self, stories: Sequence[Story]) -> None:
        """Set unique slugs on unsaved stories that have none. One query, and one for each slug that is taken."""
        bases = [story.slug or story.slug_base() for story in stories]
        taken = set(self.filter(slug__in=bases).values_list("slug", flat=True))
        for base in [base for base in set(bases) if base in taken]:
            taken.update(self.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
        for story, base in zip(stories, bases, strict=True):
            story.slug = first_free(base, taken)
            taken.add(story.slug)

    def delete(self, *, by: User | None = None) -> tuple[int, dict[str, int]]:
        """Delete the stories. Each leaves a last revision, from which it can be recovered."""
        with transaction.atomic():
            # Before the revision: the holder of the lock may be recording one with the same number.
            SiteVersion.lock()
            for pk in self.values_list("pk", flat=True):
                Revision.objects.record(pk, by=by, move="delete")
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # read by templates
    delete.queryset_only = True  # type: ignore[attr-defined]  # read by managers


class StoryManager(models.Manager.from_queryset(StoryQuerySet)):  # type: ignore[misc]  # made at run time
    def get_by_natural_key(self, slug: str) -> Story:
        return self.get(slug=slug)


class Story(Workflow):
    # Headline and slug as they are stored, for stories that were read.
    _was: dict[str, str | None] = {}

    headline = models.CharField(max_length=MAX_HEADLINE_CHARS)
    slug = models.SlugField(
        max_length=MAX_SLUG_CHARS,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text="The story’s part of its URL. Follows the headline until the story is published, then stays.",
    )
    standfirst = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="One sentence below the headline. Optional."
    )
    body = BodyField()
    region = models.ForeignKey(Region, models.PROTECT, related_name="stories")
    tags = TaggableManager(through=StoryTag, manager=TagsOfStory, blank=True)
    byline = models.CharField(max_length=200, blank=True)
    correction = models.CharField(
        max_length=1_000,
        blank=True,
        help_text="What was wrong, what is right, and when you corrected it. Shown below the story.",
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        choices=language_choices,
        help_text="Only if it differs from the site’s.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    import_ref = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)
    # Digests of the last import, field by field, see importers/provenance.py. A value that differs was edited here.
    imported = models.JSONField(null=True, blank=True, editable=False)

    objects = StoryManager()

    class Meta:
        verbose_name_plural = "stories"
        permissions = [
            ("submit_story", "Can submit own stories for review"),
            ("publish_story", "Can edit, publish and withdraw any story"),
        ]
        indexes = [
            models.Index(F("live_at").desc(), F("id").desc(), name="story_newest"),
            models.Index(F("region"), F("live_at").desc(), F("id").desc(), name="story_region_newest"),
            # For the story list of the admin.
            models.Index(F("updated_at").desc(), F("id").desc(), name="story_last_saved"),
            models.Index(F("status"), F("updated_at").desc(), F("id").desc(), name="story_status_last_saved"),
            models.Index(F("region"), F("updated_at").desc(), F("id").desc(), name="story_region_last_saved"),
            models.Index(F("created_by"), F("updated_at").desc(), F("id").desc(), name="story_writer_last_saved"),
            # Finds a writer's few drafts among many stories.
            models.Index(
                F("created_by"), F("status"), F("updated_at").desc(), F("id").desc(), name="story_writer_status_saved"
            ),
            models.Index(F("published_at").desc(), F("id").desc(), name="story_last_dated"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="story_status_is_known"),
            models.CheckConstraint(condition=~Q(headline=""), name="story_has_a_headline"),
            models.CheckConstraint(condition=~Q(slug=""), name="story_has_a_slug"),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False, first_published_at__isnull=False),
                name="published_story_has_its_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Story:
        story = super().from_db(db, field_names, values)
        story._was = {name: story.__dict__.get(name) for name in ("headline", "slug")}
        return story

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["stories.region"]  # type: ignore[attr-defined]  # read by serializers

    def get_absolute_url(self) -> str:
        return site_path("story", self.slug)

    @property
    def tags_in_order(self) -> list[Tag]:
        """Return the tags in the order they were added. No query after `with_related()`, else one."""
        return [story_tag.tag for story_tag in self.story_tags.all()]

    @property
    def sources_in_order(self) -> list[Source]:
        """Return the sources in the editors' order. No query after `with_related()`, else one."""
        return list(self.sources.all())

    def clean(self) -> None:
        super().clean()
        if self.headline and not printable(self.headline):
            raise ValidationError({"headline": "Enter a headline with at least one visible character."})
        # HTML has no control characters.
        for field in columns():
            if field.kind is Kind.LINE:
                setattr(self, field.name, printable(getattr(self, field.name)))
        self.slug = self.slug.lower()
        self.settle_first_publication()
        if self.status == Status.PUBLISHED and self.published_at is None:
            raise ValidationError({"published_at": "Enter a publish date: a published story needs one."})

    def validate_constraints(self, exclude: Iterable[str] | None = None) -> None:
        """Allow an empty slug, because saving finds one."""
        super().validate_constraints(exclude={*(exclude or ()), *(() if self.slug else ("slug",))})

    def slug_base(self) -> str:
        return slug_for(self.headline, otherwise="story", length=MAX_SLUG_CHARS - SLUG_SUFFIX_CHARS)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Update slug, first publication, version and `updated_at`. One more query when the slug must change."""
        if update_fields is not None:
            update_fields = {*update_fields, "first_published_at", "version", "updated_at"}
            if "headline" in update_fields:
                update_fields.add("slug")
        if not self._state.adding:
            self.version += 1
        self.updated_at = timezone.now()
        self.settle_first_publication()
        if self._slug_is_settled():
            super().save(*args, update_fields=update_fields, **kwargs)
        else:
            self._save_with_free_slug(*args, update_fields=update_fields, **kwargs)
        self._was = {"headline": self.headline, "slug": self.slug}
        # The database has computed a new value. Without ours, Django fetches it when needed.
        self.__dict__.pop("live_at", None)

    def delete(self, *args: Any, by: User | None = None, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the story. It leaves a last revision, from which it can be recovered."""
        with transaction.atomic():
            SiteVersion.lock()  # before the revision, as above
            self.record(by=by, move="delete")
            return super().delete(*args, **kwargs)

    def duplicate(self, *, by: User | None) -> Story:
        """Create a draft of this user's with the same fields, see `Field.is_copied`, and a new slug."""
        with transaction.atomic():
            values = {field.name: getattr(self, field.name) for field in columns() if field.is_copied}
            copy = Story(**values, created_by=by)
            copy.headline = f"Copy of {self.headline}"[:MAX_HEADLINE_CHARS]
            copy.save()
            copy.tags.set(self.tags_in_order)
            copy.sources.replace([[source.url, source.label] for source in self.sources_in_order])
            copy.record(by=by, comment=f"Copied from “{self.headline}”.")
        return copy

    def snapshot(self) -> Snapshot:
        """Return the snapshot of the stored story, which may be newer than this instance. Four queries."""
        return take_snapshot(Story.objects.with_related().get(pk=self.pk))

    def record(
        self,
        *,
        by: User | None = None,
        move: str = "",
        comment: str = "",
        before: tuple[Snapshot, str] | None = None,
        coalesce: bool = True,
    ) -> Revision:
        """Record the stored story as a revision, see RevisionManager.record()."""
        return Revision.objects.record(self.pk, by=by, move=move, comment=comment, before=before, coalesce=coalesce)

    def _slug_is_settled(self) -> bool:
        """Tell whether the slug stays: readers know it, somebody chose it, or the headline is unchanged."""
        was = self._was
        if not self.slug:
            return False
        if self.was_live or self.slug != was.get("slug") or self.headline == was.get("headline"):
            return True
        return not is_numbered(self.slug, Story(headline=was.get("headline") or "").slug_base())

    def _save_with_free_slug(self, *args: Any, **kwargs: Any) -> None:
        self.slug = ""
        for last_try in (False, False, True):
            type(self).objects.exclude(pk=self.pk).with_free_slugs([self])
            try:
                with transaction.atomic():
                    super().save(*args, **kwargs)
                return
            except IntegrityError:
                # Somebody has taken the slug since we looked.
                if last_try or not type(self).objects.exclude(pk=self.pk).filter(slug=self.slug).exists():
                    raise
                self.slug = ""
