"""Reads a K2 tag page that was saved from a browser, in K2's default template.

What its HTML may hold is for the models to say; nothing is cleaned here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from stories.importers.closing_links import take_closing_links
from stories.importers.dates import Undated, list_position, local_datetime
from stories.importers.headline import headline_from
from stories.importers.item import K2, Failure, Item, Refused, make_reference
from stories.importers.limits import check_body, check_page
from stories.text.normalize import tidy

from .k2_text import FOOT, TITLE, tag_of_title

# Pictures too: a story has none, and a page saved in one file carries them in its text.
NEVER_WANTED = ["script", "style", "noscript", "template", "img", "svg", "picture", "iframe", "object"]
_K2_ID = re.compile(r"(?:/item/|[?&]id=)(\d{1,18})(?!\d)", re.ASCII)
_PUBLISHED_IN = re.compile(r"Published in\b\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    tag: str | None
    number: int
    undated: Undated


def read(html: str, undated: Undated) -> Iterator[Item | Failure]:
    """The page's stories, the oldest first. Raises Refused when this is no such page."""
    check_page(html)
    tree = LexborHTMLParser(html)
    tree.strip_tags(NEVER_WANTED)
    views = tree.css("div.tagItemView")
    if not views:
        raise Refused("has no stories: there is no div.tagItemView in it")
    if not any(map(_text, tree.css(".tagItemView .tagItemDateCreated"))):
        undated.at(0)
    page = Page(_tag_of(tree), _number_of(tree), undated)
    # From the last to the first, each removed when read: where a closing tag is missing, the next item
    # stands within this one, and would be taken for a part of it.
    for index, view in reversed(list(enumerate(views))):
        place = f"item {index + 1}"
        try:
            yield _item(place, index, view, page)
        except Refused as refusal:
            yield Failure(place, str(refusal))
        view.decompose()


def _tag_of(tree):
    titles = [title for node in tree.css("h1") if TITLE.fullmatch(title := _text(node))]
    return tag_of_title(titles[0]) if titles else None


def _number_of(tree):
    for pager in tree.css(".k2Pagination"):
        if found := FOOT.search(_text(pager)):
            return int(found[1])
    return 1


def _item(place, index, view, page):
    body = view.css_first("div.tagItemIntroText")
    if body is None:
        raise Refused("has no text: there is no div.tagItemIntroText in it")
    check_body(body.inner_html)
    sources, lost_sources = take_closing_links(body)
    written_at = _text(view.css_first("span.tagItemDateCreated"))
    position = list_position(page.number, index)
    return Item(
        place=place,
        origin=K2,
        headline=_headline_of(view) or headline_from(_first_paragraph(body)),
        body=body.inner_html,
        region=_region_of(view),
        tags=_tags_of(view, page),
        sources=tuple(sources),
        lost_sources=lost_sources,
        import_ref=_reference_of(view, body),
        published_at=local_datetime(written_at) if written_at else page.undated.at(position),
        is_dated=bool(written_at),
    )


def _headline_of(view):
    # Without its link, a title may hold K2's “Featured” mark besides the headline.
    return _text(view.css_first("h2.tagItemTitle a")) or _text(view.css_first("h2.tagItemTitle"))


def _first_paragraph(body):
    texts = [node.text() for node in body.css("p") if node.text().strip()]
    return texts[0] if texts else body.text()


def _region_of(view):
    category = view.css_first("div.tagItemCategory")
    named = category and (_text(category.css_first("a")) or _PUBLISHED_IN.sub("", _text(category), count=1))
    if not named:
        raise Refused("has no region: there is no link in div.tagItemCategory")
    return named


def _tags_of(view, page):
    listed = [_text(node) for node in view.css("ul.tagItemTags li a")]
    return tuple(tag for tag in [page.tag, *listed] if tag)


def _reference_of(view, body):
    for link in view.css("h2.tagItemTitle a, .tagItemReadMore a"):
        if found := _K2_ID.search(link.attributes.get("href") or ""):
            return f"k2:{int(found[1])}"
    return make_reference("k2", body.text())


def _text(node):
    return tidy(node.text()) if node else ""
