"""Regions: every story is in one."""

from typing import Protocol

from django.db import models

from stories.paths import site_path

from .term import MAX_NAME_CHARS, MAX_SLUG_CHARS, Alias, Term

HUES = 8  # colours in the style sheet


class Region(Term):
    name = models.CharField(max_length=MAX_NAME_CHARS)
    slug = models.SlugField(max_length=MAX_SLUG_CHARS, unique=True, allow_unicode=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="Regions are listed from the lowest number up.")

    class Meta:
        ordering = ["position", "name"]

    def get_absolute_url(self) -> str:
        return site_path("region", self.slug)


class RegionAlias(Alias):
    region = models.ForeignKey(Region, models.CASCADE, related_name="aliases")

    class Meta(Alias.Meta):
        verbose_name = "former name"


class HasKey(Protocol):
    @property
    def pk(self) -> int: ...


def hue_number(region: HasKey) -> int:
    """Return the number of a region's colour. It depends on the key, so it stays when the region moves in the list."""
    return region.pk % HUES
