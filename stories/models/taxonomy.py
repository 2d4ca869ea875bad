"""Regions and tags: terms with one name each, which keep answering to every name they ever had.

How a tag is put on a story is in tagging.py.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from taggit.models import TagBase

from .naming import first_free, normal_form, slug_for, tidy


class TermManager(models.Manager):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)

    def named(self, names: Iterable[str]) -> dict:
        """{name: term} for those names that a term bears, bore once or has as a synonym. Two queries."""
        normals = {name: normal_form(name) for name in names}
        wanted = set(normals.values())
        found = {}
        for term in self.filter(aliases__normal__in=wanted).annotate(alias=F("aliases__normal")):
            found[term.alias] = term
        for term in self.filter(normal__in=wanted):
            found[term.normal] = term
        return {name: found[normal] for name, normal in normals.items() if normal in found}

    def ensure(self, names: Iterable[str]) -> dict:
        """{name: term} for all the names; terms that don't exist are created. Two queries, and a few for each new one."""
        names = list(names)
        terms = self.named(names)
        for name in names:
            if name not in terms:
                terms |= self.named([name]) or {name: self._create_once(name)}
        return terms

    def at_address(self, slug: str):
        """The term whose address this is or was, whatever the case; raises DoesNotExist. At most three queries."""
        term = self.filter(slug=slug).first() or self.named([slug]).get(slug)
        if term is None:
            raise self.model.DoesNotExist(slug)
        return term

    def _create_once(self, name):
        try:
            with transaction.atomic():
                return self.create(name=name)
        except IntegrityError:
            # Somebody else may have created it between our look and our insert.
            if found := self.named([name]).get(name):
                return found
            raise


class TagManager(TermManager):
    def matching(self, text: str, limit: int = 10):
        """Tags with a name that contains the text: an exact match first, then the most used. One query.

        Each has `uses`, the number of its stories, and `exact`.
        """
        normal = normal_form(text)
        called = TagAlias.objects.filter(normal=normal).values("tag")
        contained = TagAlias.objects.filter(normal__contains=normal).values("tag")
        return (
            self.filter(Q(normal__contains=normal) | Q(pk__in=contained))
            .annotate(uses=Count("story_tags"), exact=Q(normal=normal) | Q(pk__in=called))
            .order_by("-exact", "-uses", "name")[:limit]
        )


class Term(models.Model):
    """What Region and Tag share. Concrete classes have a name and a slug, and a reverse relation `aliases`."""

    normal = models.CharField(max_length=300, unique=True, editable=False)
    description = models.TextField(blank=True, help_text="Shown to readers at the top of its page.")

    objects = TermManager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        """Refuses a name that says nothing, or that another term already bears or bore. Two queries."""
        super().clean()
        normal = normal_form(self.name)
        if not normal:
            raise ValidationError({"name": "Give it a name that can be read."})
        if len(normal) > self._meta.get_field("normal").max_length:
            raise ValidationError({"name": "This name is too long."})
        other = type(self).objects.named([self.name]).get(self.name)
        if other and other.pk != self.pk:
            raise ValidationError({"name": f"“{tidy(self.name)}” is already a name of “{other}”."})

    def save(self, *args, update_fields=None, **kwargs):
        """Derives normal form and slug from the name; after a rename the old name and address become aliases."""
        if update_fields is not None:
            update_fields = {*update_fields, "name", "normal", "slug"}
        self.name = tidy(self.name)
        self.normal = normal_form(self.name)
        with transaction.atomic():
            before = type(self).objects.select_for_update().filter(pk=self.pk).first()
            if not self.slug or (before and before.normal != self.normal and before.slug == self.slug):
                self.slug = self._free_slug()
            super().save(*args, update_fields=update_fields, **kwargs)
            if before:
                self.remember(before.name, before.slug)
            self._alias_model().objects.filter(normal=self.normal).delete()

    def remember(self, *names: str) -> None:
        """Answer to these names, and at these addresses, from now on."""
        owner = self.aliases.field.name
        for normal, name in {normal_form(name): name for name in reversed(names)}.items():
            if normal != self.normal:
                self._alias_model().objects.update_or_create(normal=normal, defaults={"name": name, owner: self})

    def _free_slug(self):
        length = self._meta.get_field("slug").max_length - 8
        base = slug_for(self.name, otherwise=self._meta.model_name, length=length)
        others = type(self).objects.exclude(pk=self.pk)
        alike = Q(slug=base) | Q(slug__startswith=f"{base}-")
        taken = set(others.filter(alike).values_list("slug", flat=True))
        # Another term's former address must go on leading there.
        alike = Q(normal=base) | Q(normal__startswith=f"{base}-")
        foreign = self._alias_model().objects.filter(alike)
        if self.pk:
            foreign = foreign.exclude(pk__in=self.aliases.values("pk"))
        return first_free(base, taken | set(foreign.values_list("normal", flat=True)))

    def _alias_model(self):
        return self._meta.get_field("aliases").related_model


class Alias(models.Model):
    """A former name, a former slug or a synonym. A slug is kept like a name: both are ways of calling a term."""

    name = models.CharField(max_length=100)
    normal = models.CharField(max_length=300, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields, "name", "normal"}
        self.name = tidy(self.name)
        self.normal = normal_form(self.name)
        super().save(*args, update_fields=update_fields, **kwargs)


class Region(Term):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="Regions are listed from the lowest number up.")

    class Meta:
        ordering = ["position", "name"]

    def get_absolute_url(self):
        return reverse("stories:region", args=[self.slug])


class RegionAlias(Alias):
    region = models.ForeignKey(Region, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = "former name"


class Tag(Term, TagBase):
    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True, editable=False)

    objects = TagManager()

    class Meta:
        ordering = ["name"]

    def get_absolute_url(self):
        return reverse("stories:tag", args=[self.slug])

    def merge_into(self, other: "Tag") -> int:
        """Give all my stories, names and addresses to the other tag, and end. Gives back how many stories changed.

        Raises ValueError for a merge into itself. Sixteen queries, however many stories.
        """
        if self.pk == other.pk:
            raise ValueError("A tag can't be merged into itself.")
        with transaction.atomic():
            # Locked in one order, or two merges that cross would wait for each other for ever.
            list(Tag.objects.select_for_update().filter(pk__in=[self.pk, other.pk]).order_by("pk"))
            both = other.story_tags.values("content_object")
            changed = self.story_tags.count()
            self.story_tags.filter(content_object__in=both).delete()
            self.story_tags.update(tag=other)
            self.aliases.update(tag=other)
            names = self.name, self.slug
            self.delete()
            other.remember(*names)
        return changed


class TagAlias(Alias):
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = "other name"
        verbose_name_plural = "other names (former names, former addresses and synonyms)"

    def clean(self):
        super().clean()
        other = Tag.objects.named([self.name]).get(self.name)
        if other and other.pk != self.tag_id:
            raise ValidationError({"name": f"“{tidy(self.name)}” is already a name of “{other}”."})
