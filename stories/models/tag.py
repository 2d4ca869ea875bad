"""Tags and how they are found: by any name, by part of a name, by a likely typo, or in a text."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from taggit.models import TagBase

from stories.paths import site_path
from stories.text.fuzzy import Clues, find_clues, is_fuzzy_match
from stories.text.normalize import extract_phrases, is_acronym, normal_form

from .month_count import tag_story_count
from .site_version import SiteVersion
from .term import MAX_SLUG_CHARS, Alias, Term, TermManager, clean_name, refuse_taken


class TagManager(TermManager["Tag"]):
    def with_uses(self) -> models.QuerySet[Tag]:
        """Annotate tags with `uses`, the number of their published and scheduled stories."""
        return self.annotate(uses=tag_story_count())

    def called_like(self, normal: str) -> models.QuerySet[Tag]:
        """Filter tags that have a name, former ones included, which contains this normal form; all if it is empty."""
        others = TagAlias.objects.filter(normal__contains=normal).values("tag")
        return self.filter(Q(normal__contains=normal) | Q(pk__in=others)) if normal else self.all()

    def matching(self, text: str, limit: int = 10) -> models.QuerySet[Tag]:
        """Return tags with a name that contains the text: exact matches first, then the most used. One query.

        Each tag has `uses` and `exact`.
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

    def similar_to(self, name: str, limit: int = 3) -> list[Tag]:
        """Return tags with a name that fuzzily matches, the most used first. Each has `uses`. At most three queries."""
        normal = normal_form(name)
        clues = find_clues(normal)
        if clues is None:
            return []
        condition = _candidates(clues)
        # Unordered: in the order of names, SQLite would read the table instead of only the index.
        candidates = [
            *self.alias(length=Length("normal")).filter(condition).values_list("pk", "normal").order_by(),
            *TagAlias.objects.alias(length=Length("normal")).filter(condition).values_list("tag", "normal").order_by(),
        ]
        found = {pk for pk, other in candidates if is_fuzzy_match(normal, other or "")}
        return list(self.with_uses().filter(pk__in=found).exclude(normal=normal).order_by("-uses", "name")[:limit])

    def standing_in(self, text: str, limit: int = 10) -> list[Tag]:
        """Return tags with a name that the plain text contains, the most used first. Each has `uses`. Three queries."""
        phrases = extract_phrases(text)
        aliases = TagAlias.objects.filter(normal__in=list(phrases)).values_list("tag", "name", "normal")
        named = self.filter(normal__in=list(phrases)).values_list("pk", "name", "normal")
        found = {pk for pk, name, normal in (*named, *aliases) if not is_acronym(name) or name in phrases[normal or ""]}
        return list(self.with_uses().filter(pk__in=found).order_by("-uses", "name")[:limit])


def _candidates(clues: Clues) -> Q:
    has_part = Q()
    for part in clues.parts:
        has_part |= Q(normal__contains=part)
    shortest, longest = clues.lengths
    # The length first: it is the cheapest condition, and SQLite checks them in this order.
    found = Q(normal__in=clues.names) | (Q(length__gte=shortest, length__lte=longest) & has_part)
    if clues.words:
        has_words = Q(length=sum(map(len, clues.words)) + len(clues.words) - 1)
        for word in clues.words:
            has_words &= Q(normal__contains=word)
        found |= has_words
    return found


class Tag(Term, TagBase):
    slug = models.SlugField(max_length=MAX_SLUG_CHARS, unique=True, allow_unicode=True, editable=False)

    objects = TagManager()

    class Meta:
        ordering = ["name"]

    def get_absolute_url(self) -> str:
        return site_path("tag", self.slug)

    def merge_into(self, other: Tag) -> int:
        """Move this tag's stories, names and slugs to another tag, then delete it. Returns the number of its stories.

        Raises ValueError for a merge into itself, or when one of the tags was deleted since. Twenty-two queries.
        """
        if self.pk == other.pk:
            raise ValueError("A tag can't be merged into itself.")
        with transaction.atomic():
            SiteVersion.lock()
            # Re-read both tags: the caller's instances may be older than a rename.
            current = Tag.objects.in_bulk([self.pk, other.pk])
            if len(current) < 2:
                raise ValueError(f"“{self}” or “{other}” no longer exists.")
            merged, kept = current[self.pk], current[other.pk]
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

    def clean(self) -> None:
        super().clean()
        self.name = clean_name(self.name)
        refuse_taken(self.name, Tag, self.tag_id)
