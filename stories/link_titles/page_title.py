"""A label for a link: the publisher and the title that its page declares."""

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from stories.models import Source
from stories.text.normalize import tidy

from .fetching import Page

_LABEL: Any = Source._meta.get_field("label")
MAX_LABEL_CHARS: int = _LABEL.max_length
CHARSET_SEARCH_BYTES = 2048
_CHARSET = re.compile(rb"<meta[^<>]{1,200}?charset\s*+=\s*+[\"']?([\w-]{1,40})", re.IGNORECASE)
# Only the charsets that browsers know. Some of Python's codecs can't decode all bytes.
_WEB_CHARSET = re.compile(
    r"utf-?8|utf-16(le|be)?|iso-8859-\d+|windows-\d+|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift[_-]jis|iso-2022-jp"
)
# Characters that pages put between a title and the publisher's name.
_SEPARATORS = " |–—-:·•»"


def label_for(page: Page) -> str:
    """Return a label such as "Harbour Office: Ferry timetable", or "" for a page without title. Accepts any bytes."""
    tree = LexborHTMLParser(decode(page).encode("utf-8", "replace"))
    publisher = meta_content(tree, "og:site_name")
    title = meta_content(tree, "og:title") or title_text(tree)
    rest = strip_publisher(title, publisher)
    label = f"{publisher}: {rest}" if publisher and rest else publisher or title
    return label if len(label) <= MAX_LABEL_CHARS else f"{label[: MAX_LABEL_CHARS - 1].rstrip()}…"


def decode(page: Page) -> str:
    """Decode by the charset of the server, else of the page, else UTF-8. Invalid bytes become U+FFFD."""
    declared = _CHARSET.search(page.text[:CHARSET_SEARCH_BYTES])
    charset = (page.charset or (declared[1].decode() if declared else "")).lower()
    if charset == "iso-8859-1":
        charset = "windows-1252"  # as browsers do
    try:
        return page.text.decode(charset if _WEB_CHARSET.fullmatch(charset) else "utf-8", "replace")
    except LookupError:  # the pattern allows windows-9, which doesn't exist
        return page.text.decode("utf-8", "replace")


def meta_content(tree: LexborHTMLParser, name: str) -> str:
    """Return the content of the meta element with this name, or ""."""
    for attribute in ("property", "name"):
        found = tree.css_first(f'meta[{attribute}="{name}"]')
        if found and (text := tidy(found.attributes.get("content") or "")):
            return text
    return ""


def title_text(tree: LexborHTMLParser) -> str:
    found = tree.css_first("head > title")
    return tidy(found.text()) if found else ""


def strip_publisher(title: str, publisher: str) -> str:
    """Remove the publisher's name from the start or end of the title."""
    if not publisher:
        return title
    for rest in (title.removesuffix(publisher), title.removeprefix(publisher)):
        if rest != title and (not rest or rest[-1] in _SEPARATORS or rest[0] in _SEPARATORS):
            return rest.strip(_SEPARATORS)
    return title
