"""What regions and tags share: one name each, and an answer to every name and address they ever had."""

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from stories.text.normalize import first_free, normal_form, printable, slug_for, tidy

from .counts import SiteVersion


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
        """{name: term} for all the names; terms that don't exist are created. Two queries, and the same few for any new ones."""
        names = list(names)
        terms = self.named(names)
        if missing := [name for name in names if name not in terms]:
            with transaction.atomic():
                SiteVersion.lock()
                # Somebody else may have created them between our look and our lock.
                found = self.named(missing)
                self._create_all(name for name in missing if name not in found)
                terms |= self.named(missing)
        return terms

    def _create_all(self, names):
        """Creates terms that are not there, under the lock: one for all the names that are the same."""
        spellings = {}
        for name in names:
            spellings.setdefault(normal_form(name), tidy(name))
        terms = [self.model(name=name, normal=normal) for normal, name in sorted(spellings.items())]
        bases = [term.slug_base() for term in terms]
        taken = self._slugs_like(bases)
        for term, base in zip(terms, bases, strict=True):
            term.slug = first_free(base, taken)
            taken.add(term.slug)
        self.bulk_create(terms)

    def _slugs_like(self, bases):
        """Of all terms, former addresses too: those that are one of the bases, and the numbered ones where two clash."""
        former = self.model._meta.get_field("aliases").related_model.objects
        everywhere = [terms.values_list("slug", flat=True) for terms in (self, former)]
        taken = {slug for slugs in everywhere for slug in slugs.filter(slug__in=bases)}
        for base in sorted(taken | {base for base, count in Counter(bases).items() if count > 1}):
            taken.update(slug for slugs in everywhere for slug in slugs.filter(slug__startswith=f"{base}-"))
        return taken

    def get_by_any_slug(self, slug: str):
        """The term whose address this is or was, or whose name; raises DoesNotExist. At most four queries."""
        term = self.filter(slug=slug).first() or self.filter(aliases__slug=slug).first() or self.named([slug]).get(slug)
        if term is None:
            raise self.model.DoesNotExist(slug)
        return term


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
        self.name = clean_name(self.name)
        self.description = "\n".join(map(printable, self.description.splitlines()))
        refuse_taken(self.name, type(self), self.pk)

    def save(self, *args, update_fields=None, **kwargs):
        """Derives normal form and slug from the name; after a rename the old name and address become aliases."""
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
        """Answer to this name, and at this address, from now on. What it bears itself needs no remembering."""
        aliases = self._alias_model().objects
        normal, owner = normal_form(name), self.aliases.field.name
        if normal != self.normal:
            # A synonym of another term stays that term's.
            aliases.get_or_create(normal=normal, defaults={"name": name, owner: self})
        if slug != self.slug:
            aliases.update_or_create(slug=slug, defaults={"name": slug, owner: self})
        self.aliases.filter(Q(normal=self.normal) | Q(slug=self.slug)).delete()

    def slug_base(self) -> str:
        length = self._meta.get_field("slug").max_length - 8
        return slug_for(self.name, otherwise=self._meta.model_name, length=length)

    def _free_slug(self):
        base = self.slug_base()
        alike = Q(slug=base) | Q(slug__startswith=f"{base}-")
        others = type(self).objects.exclude(pk=self.pk).filter(alike)
        # Another term's former address must go on leading there.
        foreign = self._alias_model().objects.exclude(**{self.aliases.field.name: self.pk}).filter(alike)
        return first_free(base, {*others.values_list("slug", flat=True), *foreign.values_list("slug", flat=True)})

    def _alias_model(self):
        return self._meta.get_field("aliases").related_model


class Alias(models.Model):
    """A former name or synonym, by its normal form; or a former address, by its slug."""

    name = models.CharField(max_length=100)
    normal = models.CharField(max_length=300, unique=True, null=True, editable=False)
    slug = models.SlugField(max_length=100, unique=True, null=True, allow_unicode=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(normal=None) ^ Q(slug=None), name="%(class)s_is_a_name_or_an_address"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields, "name", "normal"}
        self.name = tidy(self.name)
        self.normal = None if self.slug else normal_form(self.name)
        super().save(*args, update_fields=update_fields, **kwargs)


def clean_name(name: str) -> str:
    """The name as it can be stored. Raises ValidationError for one that is too long, or has nothing to read."""
    name = tidy(name)
    normal = normal_form(name)
    if not normal:
        raise ValidationError({"name": "Give it a name that can be read."})
    # Composing letters may have made it longer, and so may its normal form.
    if len(name) > Alias._meta.get_field("name").max_length or len(normal) > Alias._meta.get_field("normal").max_length:
        raise ValidationError({"name": "This name is too long."})
    return name


def refuse_taken(name: str, model, owner_pk) -> None:
    """Raises ValidationError when another term than the owner has this name. Two queries."""
    other = model.objects.named([name]).get(name)
    if other and other.pk != owner_pk:
        raise ValidationError({"name": f"“{name}” is already a name of “{other}”."})
