"""Regions and tags. How their names work is in term.py, how a tag is put on a story in tagging.py."""

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from taggit.models import TagBase

from stories.paths import site_path
from stories.text.fuzzy import find_clues, is_fuzzy_match
from stories.text.normalize import extract_phrases, is_acronym, normal_form

from .counts import SiteVersion, published_with_tag
from .term import Alias, Term, TermManager, clean_name, refuse_taken

HUES = 8


class Region(Term):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="Regions are listed from the lowest number up.")

    class Meta:
        ordering = ["position", "name"]

    def get_absolute_url(self):
        return site_path("region", self.slug)


def hue_number(region) -> int:
    """The number of its colour, of HUES, in the style sheet. By its key: it stays when the region moves in the list."""
    return region.pk % HUES


class RegionAlias(Alias):
    region = models.ForeignKey(Region, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = "former name"


class TagManager(TermManager):
    def with_uses(self):
        """All tags, each with `uses`, the number of its published stories."""
        return self.annotate(uses=published_with_tag())

    def called_like(self, normal: str):
        """Tags one of whose names, former ones too, contains this normal form; all, if it is empty."""
        others = TagAlias.objects.filter(normal__contains=normal).values("tag")
        return self.filter(Q(normal__contains=normal) | Q(pk__in=others)) if normal else self.all()

    def matching(self, text: str, limit: int = 10):
        """Tags with a name that contains the text: an exact match first, then the most used. One query.

        Each has `uses`, the number of its published stories, and `exact`.
        """
        normal = normal_form(text)
        called = TagAlias.objects.filter(normal=normal).values("tag")
        contained = TagAlias.objects.filter(normal__contains=normal).values("tag")
        return (
            self.with_uses()
            .filter(Q(normal__contains=normal) | Q(pk__in=contained))
            .annotate(exact=Q(normal=normal) | Q(pk__in=called))
            .order_by("-exact", "-uses", "name")[:limit]
        )

    def similar_to(self, name: str, limit: int = 3) -> list["Tag"]:
        """Tags with a name that this one is probably meant to be, the most used first. Each has `uses`. Three queries at most."""
        normal = normal_form(name)
        sought = find_clues(normal)
        if sought is None:
            return []
        # In no order: in their names' order, SQLite would read the tags themselves and not an index alone.
        candidates = [
            *self.alias(length=Length("normal")).filter(_twin(sought)).values_list("pk", "normal").order_by(),
            *TagAlias.objects.alias(length=Length("normal"))
            .filter(_twin(sought))
            .values_list("tag", "normal")
            .order_by(),
        ]
        found = {pk for pk, other in candidates if is_fuzzy_match(normal, other)}
        return list(self.with_uses().filter(pk__in=found).exclude(normal=normal).order_by("-uses", "name")[:limit])

    def standing_in(self, text: str, limit: int = 10) -> list["Tag"]:
        """Tags with a name that stands in this plain text, the most used first. Each has `uses`. Three queries at most."""
        phrases = extract_phrases(text)
        aliases = TagAlias.objects.filter(normal__in=list(phrases)).values_list("tag", "name", "normal")
        named = self.filter(normal__in=list(phrases)).values_list("pk", "name", "normal")
        found = {pk for pk, name, normal in (*named, *aliases) if not is_acronym(name) or name in phrases[normal]}
        return list(self.with_uses().filter(pk__in=found).order_by("-uses", "name")[:limit])


def _twin(sought) -> Q:
    part = Q()
    for text in sought.parts:
        part |= Q(normal__contains=text)
    shortest, longest = sought.lengths
    # The length first: SQLite asks in this order, and it takes the least time to know.
    found = Q(normal__in=sought.names) | (Q(length__gte=shortest, length__lte=longest) & part)
    if sought.words:
        words = Q(length=sum(map(len, sought.words)) + len(sought.words) - 1)
        for word in sought.words:
            words &= Q(normal__contains=word)
        found |= words
    return found


class Tag(Term, TagBase):
    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True, editable=False)

    objects = TagManager()

    class Meta:
        ordering = ["name"]

    def get_absolute_url(self):
        return site_path("tag", self.slug)

    def merge_into(self, other: "Tag") -> int:
        """Give all my stories, names and addresses to the other tag, and end. Gives back how many stories changed.

        Raises ValueError for a merge into itself, or when one of the two has just been merged by somebody else.
        Twenty-two queries, however many stories.
        """
        if self.pk == other.pk:
            raise ValueError("A tag can't be merged into itself.")
        with transaction.atomic():
            SiteVersion.lock()
            # As they are now: either copy may be older than a rename.
            there = Tag.objects.in_bulk([self.pk, other.pk])
            if len(there) < 2:
                raise ValueError(f"“{self}” or “{other}” is no longer there.")
            merged, kept = there[self.pk], there[other.pk]
            already = other.story_tags.values("content_object")
            changed = self.story_tags.count()
            self.story_tags.filter(content_object__in=already).delete()
            self.story_tags.update(tag=other)
            self.aliases.update(tag=other)
            self.delete()
            kept.remember(merged.name, merged.slug)
        return changed


class TagAlias(Alias):
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = "other name"

    def clean(self):
        super().clean()
        self.name = clean_name(self.name)
        refuse_taken(self.name, Tag, self.tag_id)
