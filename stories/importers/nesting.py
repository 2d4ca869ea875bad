"""How deep HTML is nested, seen before it is parsed: a parser's time grows with the square of the depth."""

import re
from collections import Counter

from .item import Refused

_ELEMENT = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
# These hold nothing, or end by themselves when the next one begins.
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SHALLOW = _EMPTY | {"p", "li", "dt", "dd", "option", "td", "th", "tr", "tbody"}


def refuse_deep(html: str, limit: int) -> None:
    """Raises Refused when more than `limit` elements stand one in another, closing tags left out counted too."""
    if html.count("<") <= limit:
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
        if depth > limit:
            raise Refused(f"has more than {limit} elements one in another")
