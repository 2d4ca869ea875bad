"""Regions and tags. How their names work is in term.py, how a tag is put on a story in tagging.py."""

from django.db import models, transaction
from django.db.models import Q
from taggit.models import TagBase

from .addresses import address_of
from .counts import SiteVersion, published_with_tag
from .naming import normal_form
from .term import Alias, Term, TermManager, clean_name, refuse_taken


class Region(Term):
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="Regions are listed from the lowest number up.")

    class Meta:
        ordering = ["position", "name"]

    def get_absolute_url(self):
        return address_of("region", self.slug)


class RegionAlias(Alias):
    region = models.ForeignKey(Region, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = "former name"


class TagManager(TermManager):
    def matching(self, text: str, limit: int = 10):
        """Tags with a name that contains the text: an exact match first, then the most used. One query.

        Each has `uses`, the number of its published stories, and `exact`.
        """
        normal = normal_form(text)
        called = TagAlias.objects.filter(normal=normal).values("tag")
        contained = TagAlias.objects.filter(normal__contains=normal).values("tag")
        return (
            self.filter(Q(normal__contains=normal) | Q(pk__in=contained))
            .annotate(uses=published_with_tag(), exact=Q(normal=normal) | Q(pk__in=called))
            .order_by("-exact", "-uses", "name")[:limit]
        )


class Tag(Term, TagBase):
    slug = models.SlugField(max_length=100, unique=True, allow_unicode=True, editable=False)

    objects = TagManager()

    class Meta:
        ordering = ["name"]

    def get_absolute_url(self):
        return address_of("tag", self.slug)

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
