"""Slugs: the part of a URL that names a story, a tag or a region."""

import re

from django.utils.text import slugify

from .normalize import normal_form


def slug_for(name: str, *, otherwise: str, length: int) -> str:
    """Make a slug of a name, cut at a word; `otherwise` when no letter or digit is left.

    All scripts keep their letters: /tags/россия/ can be read, /tags/tag-17/ can't.
    """
    slug = slugify(normal_form(name), allow_unicode=True)
    if len(slug) > length:
        slug = slug[: length + 1].rpartition("-")[0] or slug[:length]
    return slug.strip("-_") or otherwise


def is_numbered(slug: str, base: str) -> bool:
    """Tell whether a slug is `base`, or `base` with a number that makes it unique."""
    return re.fullmatch(rf"{re.escape(base)}(-\d+)?", slug) is not None


def first_free(base: str, taken: set[str]) -> str:
    """Return the first of base, base-2, base-3 ... that isn't taken."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
