"""Nesting depth of HTML, measured without a parser.

A parser's time grows with the square of the depth, so hostile input is refused before it is parsed.
"""

import re
from collections import Counter

_ELEMENT = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
_OPENING = re.compile("<[a-z]", re.IGNORECASE)
# Void elements, and those that end when the next one begins.
_SHALLOW = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SHALLOW |= {"p", "li", "dt", "dd", "option", "td", "th", "tr", "tbody"}

# Tokens of HTML, as browsers find them (WHATWG, 13.2.5): tags within a comment, an attribute or a script don't count.
# No part of the expression can fail once it has begun, so its time is linear.
_ATTRIBUTES = (
    r"(?:[ \t\n\f\r/]+|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*"
    r"(?:[ \t\n\f\r]*=[ \t\n\f\r]*(?:\"[^\"]*\"?|'[^']*'?|[^ \t\n\f\r>]*))?)*+"
)
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?--!?>|.*)"
    r"|<(?:[!?]|/(?![a-z>]))[^>]*"
    r"|<(?P<raw>iframe|noembed|noframes|script|style|textarea|title|xmp)(?=[ \t\n\f\r/>])"
    rf"{_ATTRIBUTES}>.*?(?:</(?P=raw)(?=[ \t\n\f\r/>])|\Z)"
    rf"|<(?P<closing>/?)(?P<name>[a-z][^ \t\n\f\r/>]*){_ATTRIBUTES}",
    re.IGNORECASE | re.DOTALL,
)
# A closing tag within these closes nothing outside them.
_WALLS = {"applet", "button", "caption", "marquee", "object", "table", "template"}
# These contain items which contain these again, without any closing tag.
_NESTING_ITEMS = {"dt", "dd"}
# Other parsing rules hold within these. From there on, every opening tag counts.
_DOUBTFUL = {"frameset", "math", "noscript", "plaintext", "select", "svg"}


def max_depth(html: str) -> int:
    """Return the depth of well-meant HTML. Elements that are never closed count as open."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    for closing, name in _ELEMENT.findall(html):
        name = name.lower()
        step = -1 if closing else 1
        if name not in _SHALLOW and opened[name] + step >= 0:
            opened[name] += step
            depth += step
            deepest = max(deepest, depth)
    return deepest


def worst_case_depth(html: str, limit: int) -> int:
    """Return an upper bound of the depth of hostile HTML. Counting stops at `limit` + 1.

    The scan keeps the names of the open elements. A closing tag counts only when a browser surely obeys it:

        <div><table></div>     depth 2: the closing tag is behind a wall, so the div stays open
        <select><b><b>         from <select> on, every opening tag adds one
    """
    opened: list[str] = []
    deepest = 0
    for token in _TOKEN.finditer(html):
        name = (token["name"] or token["raw"] or "").lower()
        if _is_doubtful(name, token[0]):
            return max(deepest, len(opened) + len(_OPENING.findall(html, token.start())))
        if not token["name"] or (name in _SHALLOW and name not in _NESTING_ITEMS):
            continue
        if token["closing"]:
            _close(opened, name)
        else:
            opened.append(name)
        deepest = max(deepest, len(opened))
        if deepest > limit:
            break
    return deepest


def _is_doubtful(name: str, token: str) -> bool:
    # A script may begin another one within a comment.
    return name in _DOUBTFUL or (name == "script" and "<!--" in token)


def _close(opened: list[str], name: str) -> None:
    """Close the last open element of this name, unless a wall is between."""
    for place in reversed(range(len(opened))):
        if opened[place] == name:
            del opened[place]
            return
        if opened[place] in _WALLS:
            return
