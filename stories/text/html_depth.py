"""How deep the elements of HTML stand one in another, told without a parser: its time grows with the square of that."""

import re
from collections import Counter

_ELEMENT = re.compile(r"<(/?)([a-z][^\s/>]*)", re.IGNORECASE)
_OPENING = re.compile("<[a-z]", re.IGNORECASE)
# These hold nothing, or end by themselves when the next one begins.
_SHALLOW = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SHALLOW |= {"p", "li", "dt", "dd", "option", "td", "th", "tr", "tbody"}

# HTML cut into pieces as browsers cut it (WHATWG, 13.2.5): what stands in a comment, an attribute or a script opens and closes
# nothing. No part can fail after it began, so that the time grows only with the length.
_ATTRIBUTES = r"""(?:[ \t\n\f\r/]+|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*(?:[ \t\n\f\r]*=[ \t\n\f\r]*(?:"[^"]*"?|'[^']*'?|[^ \t\n\f\r>]*))?)*+"""
_PIECE = re.compile(
    r"<!--(?:-?>|.*?--!?>|.*)"
    r"|<(?:[!?]|/(?![a-z>]))[^>]*"
    r"|<(?P<raw>iframe|noembed|noframes|script|style|textarea|title|xmp)(?=[ \t\n\f\r/>])"
    rf"{_ATTRIBUTES}>.*?(?:</(?P=raw)(?=[ \t\n\f\r/>])|\Z)"
    rf"|<(?P<closing>/?)(?P<name>[a-z][^ \t\n\f\r/>]*){_ATTRIBUTES}",
    re.IGNORECASE | re.DOTALL,
)
# Within these a closing tag ends nothing that was opened outside.
_WALLS = {"applet", "button", "caption", "marquee", "object", "table", "template"}
# An item may begin in these, and these in an item, without an end.
_IN_EACH_OTHER = {"dt", "dd"}
# Within these other rules hold: from there on, all that opens counts.
_DOUBTFUL = {"frameset", "math", "noscript", "plaintext", "select", "svg"}


def max_depth(html: str) -> int:
    """How deep they stand at most, those that are never closed counted too; of what nobody wrote to deceive."""
    opened, depth, deepest = Counter(), 0, 0
    for closing, name in _ELEMENT.findall(html):
        name = name.lower()
        step = -1 if closing else 1
        if name not in _SHALLOW and opened[name] + step >= 0:
            opened[name] += step
            depth += step
            deepest = max(deepest, depth)
    return deepest


def worst_case_depth(html: str, most: int) -> int:
    """The same, whoever wrote it: a closing tag counts only if it surely closes. No more is counted than one beyond `most`."""
    opened, deepest = [], 0
    for piece in _PIECE.finditer(html):
        name = (piece["name"] or piece["raw"] or "").lower()
        # A script may begin another within a comment.
        if name in _DOUBTFUL or (name == "script" and "<!--" in piece[0]):
            return max(deepest, len(opened) + len(_OPENING.findall(html, piece.start())))
        if not piece["name"] or (name in _SHALLOW and name not in _IN_EACH_OTHER):
            continue
        if piece["closing"]:
            _close(opened, name)
        else:
            opened.append(name)
        deepest = max(deepest, len(opened))
        if deepest > most:
            break
    return deepest


def _close(opened: list[str], name: str) -> None:
    """Takes the last of that name away, if no wall is between."""
    for place in reversed(range(len(opened))):
        if opened[place] == name:
            del opened[place]
            return
        if opened[place] in _WALLS:
            return
