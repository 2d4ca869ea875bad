"""How large and how deep HTML may be, seen before it is parsed: where elements stand one in another, or one has
endless attributes, a parser's time grows with the square of them."""

import re
from collections import Counter

from .item import Refused

DEEPEST_PAGE, DEEPEST_BODY = 5_000, 300
LONGEST_BODY = 1_000_000
_ELEMENT = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
_CROWDED_ELEMENT = re.compile(r"<[a-z](?:[^\s<>]*\s+){5000}", re.IGNORECASE)
# These hold nothing, or end by themselves when the next one begins.
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SHALLOW = _EMPTY | {"p", "li", "dt", "dd", "option", "td", "th", "tr", "tbody"}


def check_page(html: str) -> None:
    """Raises Refused for a page that no parser should be given."""
    _check_depth(html, DEEPEST_PAGE)
    if _CROWDED_ELEMENT.search(html):
        raise Refused("has an element with thousands of attributes")


def check_body(html: str) -> None:
    """Raises Refused for a body that is none of a story."""
    if len(html) > LONGEST_BODY:
        raise Refused(f"body: has {len(html):,} characters; a story has at most {LONGEST_BODY:,}")
    _check_depth(html, DEEPEST_BODY)


def _check_depth(html, deepest):
    if html.count("<") <= deepest:
        return
    opened, depth = Counter(), 0
    for closing, name in _ELEMENT.findall(html):
        name = name.lower()
        if name in _SHALLOW:
            continue
        step = -1 if closing else 1
        if opened[name] + step >= 0:
            opened[name] += step
            depth += step
        if depth > deepest:
            raise Refused(f"has more than {deepest} elements one in another")
