"""Terms: the abstract model of regions and tags. A term keeps answering to every name and slug it ever had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from stories.text.normalize import normal_form, printable, tidy
from stories.text.slugs import first_free, slug_for

from .site_version import SiteVersion

if TYPE_CHECKING:
    from django.db.models import ForeignKey
    from django.db.models.fields.related_descriptors import RelatedManager

T = TypeVar("T", bound="Term")
MAX_NAME_CHARS, MAX_NORMAL_CHARS, MAX_SLUG_CHARS = 100, 300, 100
# Room for the number of a slug that is taken, such as "-1234567".
SLUG_SUFFIX_CHARS = 8


class TermManager(models.Manager[T]):
    def get_by_natural_key(self, slug: str) -> T:
        return self.get(slug=slug)

    def named(self, names: Iterable[str]) -> dict[str, T]:
        """Return {name: term} for those names that are a term's name, former name or synonym. Two queries."""
        normals = {name: normal_form(name) for name in names}
        wanted = set(normals.values())
        found: dict[str, T] = {}
        for term in self.filter(aliases__normal__in=wanted).annotate(alias=F("aliases__normal")):
            found[term.alias] = term
        for term in self.filter(normal__in=wanted):
            found[term.normal] = term
        return {name: found[normal] for name, normal in normals.items() if normal in found}

    def ensure(self, names: Iterable[str]) -> dict[str, T]:
        """Return {name: term} for all the names; missing terms are created. Two queries, and a few for new terms."""
        names = list(names)
        terms = self.named(names)
        if missing := [name for name in names if name not in terms]:
            with transaction.atomic():
                SiteVersion.lock()
                # Look again: somebody may have created them before we had the lock.
                found = self.named(missing)
                self._create_all(name for name in missing if name not in found)
                terms |= self.named(missing)
        return terms

    def _create_all(self, names: Iterable[str]) -> None:
        """Create one term for all spellings of a name. Call it under the lock."""
        spellings: dict[str, str] = {}
        for name in names:
            spellings.setdefault(normal_form(name), tidy(name))
        terms = [self.model(name=name, normal=normal) for normal, name in sorted(spellings.items())]
        bases = [term.slug_base() for term in terms]
        taken = self._slugs_like(bases)
        for term, base in zip(terms, bases, strict=True):
            term.slug = first_free(base, taken)
            taken.add(term.slug)
        self.bulk_create(terms)

    def _slugs_like(self, bases: list[str]) -> set[str]:
        """Return the slugs in use, former ones included, that equal a base; numbered ones too where bases collide."""
        former = self.model.alias_model()._default_manager
        everywhere: list[Any] = [terms.values_list("slug", flat=True) for terms in (self, former)]
        taken: set[str] = {slug for slugs in everywhere for slug in slugs.filter(slug__in=bases)}
        for base in sorted(taken | {base for base, count in Counter(bases).items() if count > 1}):
            taken.update(slug for slugs in everywhere for slug in slugs.filter(slug__startswith=f"{base}-"))
        return taken

    def get_by_any_slug(self, slug: str) -> T:
        """Return the term by its slug, a former slug or any name. Raises DoesNotExist. At most four queries."""
        term = self.filter(slug=slug).first() or self.filter(aliases__slug=slug).first() or self.named([slug]).get(slug)
        if term is None:
            raise self.model.DoesNotExist(slug)
        return term


class Term(models.Model):
    """Base of Region and Tag. These have a name and a slug, and the reverse relation `aliases`."""

    if TYPE_CHECKING:
        name: str
        slug: str
        aliases: RelatedManager[Alias]
        alias: str

    normal = models.CharField(max_length=MAX_NORMAL_CHARS, unique=True, editable=False)
    description = models.TextField(blank=True, help_text="Shown to readers at the top of its page.")

    objects: TermManager[Any] = TermManager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        """Refuse an invisible name, and a name that another term has or had. Two queries."""
        super().clean()
        self.name = clean_name(self.name)
        self.description = "\n".join(map(printable, self.description.splitlines()))
        refuse_taken(self.name, type(self), self.pk)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Derive normal form and slug from the name. After a rename, the old name and slug become aliases."""
        if update_fields is not None:
            update_fields = {*update_fields, "name", "normal", "slug"}
        self.name = tidy(self.name)
        self.normal = normal_form(self.name)
        with transaction.atomic():
            SiteVersion.lock()
            before = type(self).objects.filter(pk=self.pk).first()
            if not self.slug or (before and before.normal != self.normal and before.slug == self.slug):
                self.slug = self._free_slug()
            super().save(*args, update_fields=update_fields, **kwargs)
            if before:
                self.remember(before.name, before.slug)

    def remember(self, name: str, slug: str) -> None:
        """Answer to this name and this slug from now on, unless they are the current ones."""
        aliases = self.alias_model()._default_manager
        normal, owner = normal_form(name), self.alias_owner()
        if normal != self.normal:
            # get_or_create: a synonym of another term stays that term's.
            aliases.get_or_create(normal=normal, defaults={"name": name, owner: self})
        if slug != self.slug:
            aliases.update_or_create(slug=slug, defaults={"name": slug, owner: self})
        self.aliases.filter(Q(normal=self.normal) | Q(slug=self.slug)).delete()

    def slug_base(self) -> str:
        return slug_for(self.name, otherwise=self._meta.model_name or "", length=MAX_SLUG_CHARS - SLUG_SUFFIX_CHARS)

    def _free_slug(self) -> str:
        base = self.slug_base()
        alike = Q(slug=base) | Q(slug__startswith=f"{base}-")
        others = type(self).objects.exclude(pk=self.pk).filter(alike)
        # A former slug of another term must continue to lead there.
        foreign = self.alias_model()._default_manager.exclude(**{self.alias_owner(): self.pk}).filter(alike)
        taken: list[Any] = [*others.values_list("slug", flat=True), *foreign.values_list("slug", flat=True)]
        return first_free(base, set(taken))

    @classmethod
    def alias_model(cls) -> type[Alias]:
        return cast("type[Alias]", cls._meta.get_field("aliases").related_model)

    @classmethod
    def alias_owner(cls) -> str:
        """Return the name of the alias's field that refers to this model."""
        return cast("ForeignKey[Any, Any]", cls._meta.get_field("aliases").remote_field).name


class Alias(models.Model):
    """A former name or synonym, which has a normal form; or a former slug."""

    name = models.CharField(max_length=MAX_NAME_CHARS)
    normal = models.CharField(max_length=MAX_NORMAL_CHARS, unique=True, null=True, editable=False)
    slug = models.SlugField(max_length=MAX_SLUG_CHARS, unique=True, null=True, allow_unicode=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(normal=None) ^ Q(slug=None), name="%(class)s_is_a_name_or_a_slug"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            update_fields = {*update_fields, "name", "normal"}
        self.name = tidy(self.name)
        self.normal = None if self.slug else normal_form(self.name)
        super().save(*args, update_fields=update_fields, **kwargs)


def clean_name(name: str) -> str:
    """Tidy a name. Raises ValidationError for one that is too long or has no visible character."""
    name = tidy(name)
    normal = normal_form(name)
    if not normal:
        raise ValidationError({"name": "Enter a name with at least one letter or digit."})
    # Composing letters may lengthen the name, and so may its normal form.
    if len(name) > MAX_NAME_CHARS or len(normal) > MAX_NORMAL_CHARS:
        raise ValidationError({"name": "This name is too long. Shorten it."})
    return name


def refuse_taken(name: str, model: type[Term], owner_pk: int | None) -> None:
    """Raise ValidationError when another term than the owner has this name. Two queries."""
    other = model.objects.named([name]).get(name)
    if other and other.pk != owner_pk:
        raise ValidationError({"name": f"“{name}” is already a name of “{other}”. Choose another name."})
