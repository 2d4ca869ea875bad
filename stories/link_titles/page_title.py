"""What a link to a page may be called: its publisher and its title, from what the page says of itself."""

import re

from selectolax.lexbor import LexborHTMLParser

from stories.models import Source
from stories.text.normalize import tidy

from .fetching import Page

LONGEST = Source._meta.get_field("label").max_length
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
# Python knows more codecs than browsers know charsets, and some of those do not decode just any bytes.
_OF_THE_WEB = re.compile(
    r"utf-?8|utf-16(le|be)?|iso-8859-\d+|windows-\d+|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift[_-]jis|iso-2022-jp"
)
# What stands between a title and the publisher's name.
_BETWEEN = " |–—-:·•»"


def label_for(page: Page) -> str:
    """ "Harbour Office: Ferry timetable"; empty when the page has no title. Any bytes will do."""
    tree = LexborHTMLParser(decoded(page).encode("utf-8", "replace"))
    publisher = said(tree, "og:site_name")
    title = said(tree, "og:title") or heading(tree)
    rest = without(title, publisher)
    label = f"{publisher}: {rest}" if publisher and rest else publisher or title
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"


def decoded(page: Page) -> str:
    """As the server says or, if it doesn't, the page; what does not fit is replaced."""
    declared = _CHARSET.search(page.text[:2_048])
    charset = (page.charset or (declared[1].decode() if declared else "")).lower()
    if charset == "iso-8859-1":
        charset = "windows-1252"  # as browsers do
    try:
        return page.text.decode(charset if _OF_THE_WEB.fullmatch(charset) else "utf-8", "replace")
    except LookupError:  # there is no windows-9
        return page.text.decode("utf-8", "replace")


def said(tree, name) -> str:
    for attribute in ("property", "name"):
        found = tree.css_first(f'meta[{attribute}="{name}"]')
        if found and (text := tidy(found.attributes.get("content") or "")):
            return text
    return ""


def heading(tree) -> str:
    found = tree.css_first("head > title")
    return tidy(found.text()) if found else ""


def without(title, publisher) -> str:
    """The title without the publisher's name at its beginning or end."""
    if not publisher:
        return title
    for cut in (title.removesuffix(publisher), title.removeprefix(publisher)):
        if cut != title and (not cut or cut[-1] in _BETWEEN or cut[0] in _BETWEEN):
            return cut.strip(_BETWEEN)
    return title
