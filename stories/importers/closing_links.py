"""The "See" or "More:" that closes a story, and the links after it.

Only the end of a body is examined: a link inside the text belongs to the text.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from stories.text.normalize import tidy

from .item import Link

MAX_LABEL_CHARS = 200
_WORD = r"(?:See(?:\s+also)?:?|More:)"
# Only after the end of a sentence: "the Holy See" is no closing word.
_CLOSING_WORD = re.compile(rf"(?<=[.!?…:;\"'’”»)\]])\s+{_WORD}\Z")
_ONLY_THE_WORD = re.compile(rf"\s*{_WORD}\Z")
_BETWEEN_LINKS = re.compile(r"(?:[\s,;.:&|/•·–—-]|\band\b)*")
_SENTENCE_ENDS = frozenset(".!?…:;\"'’”»)]")
_BLOCKS = {"p", "div", "li"}


def remove_dangling_see(text: str) -> tuple[str, int]:
    """Remove a closing "See" whose links are lost. Return the text and the number of lost sources, 0 or 1."""
    text = text.rstrip()
    word = _ONLY_THE_WORD.match(text) or _CLOSING_WORD.search(text[-40:])
    return (text[: -len(word[0])], 1) if word else (text, 0)


def take_closing_links(body: LexborNode) -> tuple[list[Link], int]:
    """Remove the closing word and its links from the body. Return the links and the number of lost sources.

    A closing word without links is one lost source. A body without a closing word stays unchanged.
    """
    leaves = _leaves_from_end(body)
    links: list[Link] = []
    passed: list[LexborNode] = []
    for leaf in leaves:
        if _is_link(leaf):
            links.insert(0, _to_link(leaf))
        elif not _is_between_links(leaf):
            break
        passed.append(leaf)
    else:
        return [], 0
    text_before = _text_before_closing_word(leaf)
    if text_before is None:
        return [], 0
    for node in passed:
        _remove(node, body)
    if text_before:
        leaf.replace_with(text_before)
    else:
        _remove(leaf, body)
        _trim_end(leaves, body)
    return links, 0 if links else 1


def _leaves_from_end(body: LexborNode) -> Iterator[LexborNode]:
    """Yield texts, links and empty elements, last first. The caller may remove each one it gets."""
    waiting = [body.last_child]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        waiting.append(node.prev)
        if node.last_child is None or _is_link(node):
            yield node
        else:
            waiting.append(node.last_child)


def _is_between_links(leaf: LexborNode) -> bool:
    return not leaf.is_text_node or _BETWEEN_LINKS.fullmatch(leaf.text_content or "") is not None


def _text_before_closing_word(leaf: LexborNode) -> str | None:
    """Return the leaf's text up to a closing word at its end, or None if it doesn't end with one."""
    if not leaf.is_text_node:
        return None
    text = (leaf.text_content or "").rstrip()
    if _ONLY_THE_WORD.fullmatch(text):
        return "" if _starts_sentence(leaf) else None
    found = _CLOSING_WORD.search(text)
    return text[: found.start()] if found else None


def _starts_sentence(leaf: LexborNode) -> bool:
    """Tell whether a sentence, line or block starts with this leaf."""
    if leaf.prev is not None:
        return _ends_sentence(leaf.prev)
    parent = leaf.parent
    return parent is None or parent.tag in _BLOCKS or parent.prev is None or _ends_sentence(parent.prev)


def _ends_sentence(node: LexborNode) -> bool:
    if node.tag == "br" or node.tag in _BLOCKS:
        return True
    text = node.text().rstrip()
    return not text or text[-1] in _SENTENCE_ENDS


def _remove(node: LexborNode, body: LexborNode) -> None:
    """Remove the node, and the elements inside `body` that this leaves empty."""
    parent = node.parent
    node.decompose()
    if parent is not None and parent.mem_id != body.mem_id and parent.first_child is None:
        _remove(parent, body)


def _trim_end(leaves: Iterator[LexborNode], body: LexborNode) -> None:
    """Remove white space and line breaks from the end of the body."""
    for leaf in leaves:
        if leaf.is_text_node and (text := (leaf.text_content or "").rstrip()):
            leaf.replace_with(text)
            return
        if leaf.tag != "br" and not leaf.is_text_node:
            return
        _remove(leaf, body)


def _is_link(node: LexborNode) -> bool:
    return node.tag == "a" and bool(node.attributes.get("href"))


def _to_link(node: LexborNode) -> Link:
    url = (node.attributes["href"] or "").strip()
    label = tidy(node.text())
    if len(label) > MAX_LABEL_CHARS:
        label = label[: MAX_LABEL_CHARS - 1] + "…"
    return Link(url, "" if label == url else label)
