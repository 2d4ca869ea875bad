"""The "See" or "More:" that closes a story, with the links after it. Only the end of a body is looked at:
a link within the text belongs to the text."""

import re

from stories.text.normalize import tidy

from .item import Link

LONGEST_LABEL = 200
_WORD = r"(?:See(?:\s+also)?:?|More:)"
# After the end of a sentence only: the Holy See is no closing word.
_CLOSING_WORD = re.compile(rf"(?<=[.!?…:;\"'’”»)\]])\s+{_WORD}\Z")
_ONLY_THE_WORD = re.compile(rf"\s*{_WORD}\Z")
_BETWEEN_LINKS = re.compile(r"(?:[\s,;.:&|/•·–—-]|\band\b)*")
_BLOCKS = {"p", "div", "li"}


def without_dangling_see(text: str) -> tuple[str, int]:
    """The text without a closing "See" whose links are gone, and how many sources were so lost: 0 or 1."""
    text = text.rstrip()
    word = _ONLY_THE_WORD.match(text) or _CLOSING_WORD.search(text[-40:])
    return (text[: -len(word[0])], 1) if word else (text, 0)


def take_closing_links(body) -> tuple[list[Link], int]:
    """Takes the closing word and its links out of the body, a lexbor node; gives the links, and how many were lost.

    A closing word without links counts as one lost source. Without a closing word nothing is touched.
    """
    closing, links, leaves = [], [], _leaves_from_end(body)
    for leaf in leaves:
        if _is_link(leaf):
            links.insert(0, _link(leaf))
        elif not _is_between_links(leaf):
            break
        closing.append(leaf)
    else:
        return [], 0
    if not leaf.is_text_node or (kept := _before_closing_word(leaf)) is None:
        return [], 0
    for passed in closing:
        _remove(passed, body)
    if kept:
        leaf.replace_with(kept)
    else:
        _remove(leaf, body)
        _trim_end(leaves, body)
    return links, 0 if links else 1


def _leaves_from_end(body):
    """Text, links and elements without content, the last first; the one given may be removed meanwhile."""
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


def _is_between_links(leaf):
    return not leaf.is_text_node or _BETWEEN_LINKS.fullmatch(leaf.text_content) is not None


def _before_closing_word(leaf):
    """The leaf's text before the word that closes the story; None when no such word is at its end."""
    text = leaf.text_content.rstrip()
    if _ONLY_THE_WORD.fullmatch(text):
        return "" if _begins_anew(leaf) else None
    found = _CLOSING_WORD.search(text)
    return text[: found.start()] if found else None


def _begins_anew(leaf):
    """Whether a sentence, a line or a block begins here."""
    before = leaf.prev
    if before is None:
        return leaf.parent.tag in _BLOCKS or leaf.parent.prev is None or _begins_anew_after(leaf.parent.prev)
    return _begins_anew_after(before)


def _begins_anew_after(node):
    return node.tag == "br" or node.tag in _BLOCKS or node.text().rstrip()[-1:] in set(".!?…:;\"'’”»)]") | {""}


def _remove(node, body):
    """With the elements that would be left empty."""
    parent = node.parent
    node.decompose()
    if parent.mem_id != body.mem_id and parent.first_child is None:
        _remove(parent, body)


def _trim_end(leaves, body):
    for leaf in leaves:
        if leaf.is_text_node and (text := leaf.text_content.rstrip()):
            leaf.replace_with(text)
            return
        if leaf.tag != "br" and not leaf.is_text_node:
            return
        _remove(leaf, body)


def _is_link(node):
    return node.tag == "a" and bool(node.attributes.get("href"))


def _link(node):
    url = node.attributes["href"].strip()
    label = tidy(node.text())
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + "…"
    return Link(url, "" if label == url else label)
