"""Limits on HTML that are checked before parsing: the parser's time is quadratic in nesting and in attributes.

The model limits the size of a story's body, see `check_size`.
"""

import re

from django.core.exceptions import ValidationError

from stories.text.html import check_size
from stories.text.html_depth import max_depth

from .item import Rejected

MAX_PAGE_DEPTH = 5_000
MAX_ATTRIBUTES = 5_000
# Possessive, so that each character is read once. Otherwise a run of white space takes exponential time.
_CROWDED_ELEMENT = re.compile(rf"<[a-z](?:[^\s<>]*+\s++){{{MAX_ATTRIBUTES}}}", re.IGNORECASE)


def check_page(html: str) -> None:
    """Raise Rejected for a page that would take minutes to parse."""
    if max_depth(html) > MAX_PAGE_DEPTH:
        raise Rejected(f"is nested more than {MAX_PAGE_DEPTH:,} levels deep")
    if _CROWDED_ELEMENT.search(html):
        raise Rejected(f"has an element with {MAX_ATTRIBUTES:,} attributes or more")


def check_body(html: str) -> None:
    """Raise Rejected for HTML that is too large to be a story's body."""
    try:
        check_size(html)
    except ValidationError as error:
        raise Rejected(f"body: {error.message}") from error
