"""The story itself. Its life is in workflow.py, its tags in tagging.py, its links in source.py."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from taggit.managers import TaggableManager

from stories.fields import Kind, columns
from stories.paths import site_path
from stories.text.normalize import first_free, is_numbered, printable, slug_for

from .body import BodyField
from .counts import SiteVersion
from .revision import Revision
from .story_tag import StoryTag, TagsOfStory
from .tag import Region
from .workflow import Status, Workflow

SLUG_LENGTH = 120
# Beyond these, a date can't be turned into every time zone.
FIRST_MOMENT, LAST_MOMENT = datetime(1800, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class StoryQuerySet(models.QuerySet):
    def published(self):
        """What readers may see now. Every public page starts here."""
        return self.filter(live_at__lte=timezone.now())

    def newest_first(self):
        return self.order_by("-live_at", "-pk")

    def with_related(self):
        """With all that a page shows of a story: three queries, however many stories."""
        tags = models.Prefetch("story_tags", StoryTag.objects.select_related("tag"))
        return self.select_related("region").prefetch_related("sources", tags)

    def with_free_slugs(self, stories: list) -> None:
        """Give those of these unsaved stories that have no slug one of their own. One query, and one for each clash."""
        bases = [story.slug or story.slug_base() for story in stories]
        taken = set(self.filter(slug__in=bases).values_list("slug", flat=True))
        for base in [base for base in set(bases) if base in taken]:
            taken.update(self.filter(slug__startswith=f"{base}-").values_list("slug", flat=True))
        for story, base in zip(stories, bases, strict=True):
            story.slug = first_free(base, taken)
            taken.add(story.slug)

    def delete(self, *, by=None):
        """Each leaves its last version behind, from which it can be recovered."""
        with transaction.atomic():
            SiteVersion.lock()  # before the version: who holds the lock may be writing the same one
            for pk in self.values_list("pk", flat=True):
                Revision.objects.record(pk, by=by, move="delete")
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class StoryManager(models.Manager.from_queryset(StoryQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Story(Workflow):
    headline = models.CharField(max_length=255)
    slug = models.SlugField(
        max_length=SLUG_LENGTH,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text="Its address. Follows the headline until the story is first published, then stays.",
    )
    body = BodyField()
    region = models.ForeignKey(Region, models.PROTECT, related_name="stories")
    tags = TaggableManager(through=StoryTag, manager=TagsOfStory, blank=True)
    byline = models.CharField(max_length=200, blank=True)
    correction = models.CharField(
        max_length=1_000,
        blank=True,
        help_text="What was wrong, what is right, and when that was mended. Readers see it below the story.",
    )
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(
        "publish date",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(FIRST_MOMENT, f"A date before {FIRST_MOMENT.year} can't be right."),
            MaxValueValidator(LAST_MOMENT, f"A date after {LAST_MOMENT.year} can't be right."),
        ],
        help_text="Date and time. Empty: the moment of publishing. In the future: appears by itself then.",
    )
    first_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    live_at = models.GeneratedField(
        expression=Case(When(status=Status.PUBLISHED, then=F("published_at"))),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="stories", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    import_ref = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)
    # Digests of what the last import brought, field by field: what differs from them here, an editor changed.
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
            # For the admin's list.
            models.Index(F("updated_at").desc(), F("id").desc(), name="story_last_saved"),
            models.Index(F("status"), F("updated_at").desc(), F("id").desc(), name="story_status_last_saved"),
            models.Index(F("region"), F("updated_at").desc(), F("id").desc(), name="story_region_last_saved"),
            models.Index(F("created_by"), F("updated_at").desc(), F("id").desc(), name="story_writer_last_saved"),
            # A writer's few drafts among very many of hers.
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

    def __str__(self):
        return self.headline

    @classmethod
    def from_db(cls, db, field_names, values):
        story = super().from_db(db, field_names, values)
        story._was = {name: story.__dict__.get(name) for name in ("headline", "slug")}
        return story

    def natural_key(self):
        return (self.slug,)

    natural_key.dependencies = ["stories.region"]

    def get_absolute_url(self):
        return site_path("story", self.slug)

    @property
    def tags_in_order(self) -> list:
        """Its tags as they were put on. No query after `with_related()`, one otherwise."""
        return [story_tag.tag for story_tag in self.story_tags.all()]

    @property
    def sources_in_order(self) -> list:
        """As editors set them. No query after `with_related()`, one otherwise."""
        return list(self.sources.all())

    @property
    def is_live(self) -> bool:
        """Whether readers see it now: the same rule as `published()`, asked of this copy."""
        return self.live_at is not None and self.live_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.live_at is not None and self.live_at > timezone.now()

    @property
    def was_live(self) -> bool:
        """Whether readers could see it at some time, so that its address owes them an answer."""
        return self.first_published_at is not None and self.first_published_at <= timezone.now()

    def clean(self):
        super().clean()
        if self.headline and not printable(self.headline):
            raise ValidationError({"headline": "Give it a headline that can be read."})
        # HTML can't hold control characters.
        for field in columns():
            if field.kind is Kind.LINE:
                setattr(self, field.name, printable(getattr(self, field.name)))
        self.slug = self.slug.lower()
        self.settle_first_publication()
        if self.status == Status.PUBLISHED and self.published_at is None:
            raise ValidationError({"published_at": "A published story needs a publish date."})

    def validate_constraints(self, exclude=None):
        """An empty slug is no fault yet: saving finds one."""
        super().validate_constraints(exclude={*(exclude or ()), *(() if self.slug else ("slug",))})

    def slug_base(self) -> str:
        return slug_for(self.headline, otherwise="story", length=SLUG_LENGTH - 10)

    def save(self, *args, update_fields=None, **kwargs):
        """Keeps slug, first publication, version and `updated_at` right. One query more when a slug is to be found."""
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
        # The database computed a new one; forgetting ours makes Django fetch it when it is next asked for.
        self.__dict__.pop("live_at", None)

    def delete(self, *args, by=None, **kwargs):
        """Leaves its last version behind, from which it can be recovered."""
        with transaction.atomic():
            SiteVersion.lock()  # as above
            self.record(by=by, move="delete")
            return super().delete(*args, **kwargs)

    def duplicate(self, *, by) -> "Story":
        """A draft of this person's with the same text, region, tags and sources, but no date and an address of its own."""
        with transaction.atomic():
            values = {field.name: getattr(self, field.name) for field in columns() if field.is_copied}
            copy = Story(**values, created_by=by)
            copy.headline = f"Copy of {self.headline}"[: self._meta.get_field("headline").max_length]
            copy.save()
            copy.tags.set(self.tags_in_order)
            copy.sources.replace([[source.url, source.label] for source in self.sources_in_order])
            copy.record(by=by, comment=f"Copied from “{self.headline}”.")
        return copy

    def record(self, **what) -> Revision | None:
        """Keep what it says now as a version, see Revision.objects.record()."""
        return Revision.objects.record(self.pk, **what)

    def settle_first_publication(self):
        """Once readers could see it, the moment since when stays; before, it follows the publish date."""
        if self.was_live:
            return
        self.first_published_at = self.published_at if self.status == Status.PUBLISHED else None

    def _slug_is_settled(self):
        was = getattr(self, "_was", {})
        if not self.slug:
            return False
        if self.was_live or self.slug != was.get("slug") or self.headline == was.get("headline"):
            return True
        return not is_numbered(self.slug, Story(headline=was["headline"] or "").slug_base())

    def _save_with_free_slug(self, *args, **kwargs):
        self.slug = ""
        for last_try in (False, False, True):
            type(self).objects.exclude(pk=self.pk).with_free_slugs([self])
            try:
                with transaction.atomic():
                    return super().save(*args, **kwargs)
            except IntegrityError:
                # Somebody took the slug between our look and our write.
                if last_try or not type(self).objects.exclude(pk=self.pk).filter(slug=self.slug).exists():
                    raise
                self.slug = ""
