"""What no parser should be given: refused before it is parsed, because the time that takes grows with the square of it.

How large a story's body may be is for the model to say.
"""

import re

from django.core.exceptions import ValidationError

from stories.text.html import check_size
from stories.text.html_depth import max_depth

from .item import Refused

DEEPEST_PAGE = 5_000
# Possessive, so that each character is read once. Otherwise a run of white space takes exponential time.
_CROWDED_ELEMENT = re.compile(r"<[a-z](?:[^\s<>]*+\s++){5000}", re.IGNORECASE)


def check_page(html: str) -> None:
    """Raises Refused for a page that is none."""
    if max_depth(html) > DEEPEST_PAGE:
        raise Refused(f"has more than {DEEPEST_PAGE:,} elements one in another")
    if _CROWDED_ELEMENT.search(html):
        raise Refused("has an element with thousands of attributes")


def check_body(html: str) -> None:
    """Raises Refused for a body that is none of a story."""
    try:
        check_size(html)
    except ValidationError as error:
        raise Refused(f"body: {error.message}") from error
