"""K2 tag pages as a browser saves them, in K2's default template.

Nothing is sanitised here: the models do that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from stories.importers.closing_links import take_closing_links
from stories.importers.fallback_dates import FallbackDates
from stories.importers.headline_guess import guess_headline
from stories.importers.html_limits import check_body, check_page
from stories.importers.item import Failure, Item, Rejected, text_reference
from stories.importers.k2 import FOOT, ORIGIN, list_position, parse_date, tag_from_title
from stories.text.normalize import tidy

from .base import TextFormat

# Pictures too: stories have none, and a page saved as one file has their data in its text.
DROPPED_ELEMENTS = ["script", "style", "noscript", "template", "img", "svg", "picture", "iframe", "object"]
# Elements can be nested, and reading the text of each takes quadratic time.
MAX_TITLES = MAX_PAGERS = 20
_ELEMENT = re.compile(r"<(?:!doctype|html|head|meta|body|div|section|table|h1|h2|p|ul|span|a)\b", re.IGNORECASE)
_K2_ID = re.compile(r"(?:/item/|[?&]id=)(\d{1,18})(?!\d)", re.ASCII)
_PUBLISHED_IN = re.compile(r"Published in\b\s*", re.IGNORECASE)


class K2HTML(TextFormat):
    name = "K2 tag page, saved as HTML"
    suffixes = (".html", ".htm")
    origin = ORIGIN

    def recognises(self, start: str) -> bool:
        return _ELEMENT.search(start) is not None

    def read_text(self, text: str, dates: FallbackDates) -> Iterator[Item | Failure]:
        check_page(text)
        tree = LexborHTMLParser(text)
        tree.strip_tags(DROPPED_ELEMENTS)
        views = tree.css("div.tagItemView")
        if not views:
            raise Rejected("has no stories: no div.tagItemView found")
        if not any(_text(view.css_first(".tagItemDateCreated")) for view in views):
            dates.check()
        page = Page(_page_tag(tree), _page_number(tree), dates)
        # From last to first, removing each: where a closing tag is missing, an item contains all later ones.
        for index, view in reversed(list(enumerate(views))):
            place = f"item {index + 1}"
            try:
                yield _read_item(place, index, view, page)
            except Rejected as error:
                yield Failure(place, str(error))
            view.decompose()


@dataclass(frozen=True)
class Page:
    """Values that all items of a page share."""

    tag: str | None
    number: int
    dates: FallbackDates


def _page_tag(tree: LexborHTMLParser) -> str | None:
    tags = (tag_from_title(_text(node)) for node in tree.css("h1")[:MAX_TITLES])
    return next(filter(None, tags), None)


def _page_number(tree: LexborHTMLParser) -> int:
    for pager in tree.css(".k2Pagination")[:MAX_PAGERS]:
        if found := FOOT.search(_text(pager)):
            return int(found[1])
    return 1


def _read_item(place: str, index: int, view: LexborNode, page: Page) -> Item:
    body = view.css_first("div.tagItemIntroText")
    if body is None:
        raise Rejected("has no text: no div.tagItemIntroText found")
    check_body(body.inner_html or "")
    sources, lost_sources = take_closing_links(body)
    date = _text(view.css_first("span.tagItemDateCreated"))
    return Item(
        place=place,
        headline=_headline(view) or guess_headline(_first_paragraph(body)),
        body=body.inner_html or "",
        region=_region(view),
        tags=_tags(view, page),
        sources=tuple(sources),
        lost_sources=lost_sources,
        import_ref=_reference(view, body),
        published_at=parse_date(date) if date else page.dates.at(list_position(page.number, index)),
        is_dated=bool(date),
    )


def _headline(view: LexborNode) -> str:
    # Outside its link, a title may contain K2's “Featured” mark.
    return _text(view.css_first("h2.tagItemTitle a")) or _text(view.css_first("h2.tagItemTitle"))


def _first_paragraph(body: LexborNode) -> str:
    texts = [node.text() for node in body.css("p") if node.text().strip()]
    return texts[0] if texts else body.text()


def _region(view: LexborNode) -> str:
    category = view.css_first("div.tagItemCategory")
    name = category and (_text(category.css_first("a")) or _PUBLISHED_IN.sub("", _text(category), count=1))
    if not name:
        raise Rejected("has no region: no link in div.tagItemCategory")
    return name


def _tags(view: LexborNode, page: Page) -> tuple[str, ...]:
    listed = [_text(node) for node in view.css("ul.tagItemTags li a")]
    return tuple(tag for tag in [page.tag, *listed] if tag)


def _reference(view: LexborNode, body: LexborNode) -> str:
    for link in view.css("h2.tagItemTitle a, .tagItemReadMore a"):
        if found := _K2_ID.search(link.attributes.get("href") or ""):
            return f"k2:{int(found[1])}"
    return text_reference("k2", body.text())


def _text(node: LexborNode | None) -> str:
    return tidy(node.text()) if node else ""
