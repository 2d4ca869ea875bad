"""Reads a K2 tag page that was copied as plain text: title, stories closed by "Published in", foot.

Its links and dates are lost, and are not guessed from the words.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import zip_longest

from stories.importers.closing_links import without_dangling_see
from stories.importers.dates import Undated, list_position
from stories.importers.headline import headline_from
from stories.importers.item import K2, Failure, Item, Refused, make_reference
from stories.text.normalize import tidy

TITLE = re.compile(r"Displaying items by tag:(.*)", re.DOTALL)
FOOT = re.compile(r"Page\s+(\d{1,6})\s+of\s+\d{1,6}", re.ASCII)
_REGION = re.compile(r"Published in[ \t]+(\S.{0,99})")


def read(text: str, undated: Undated) -> Iterator[Item | Failure]:
    """The page's stories, the oldest first. Raises Refused when this is no such page."""
    # Not splitlines(): it would also break a line at the separators of other systems.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    tag = tag_of_title(lines.pop(0).strip())
    foot = FOOT.fullmatch(lines.pop().strip()) if lines and FOOT.fullmatch(lines[-1].strip()) else None
    stories = list(_stories(lines))
    if not stories:
        raise Refused("has no stories, only the title")
    undated.at(0)
    for index, (paragraphs, region) in reversed(list(enumerate(stories))):
        place = f"item {index + 1}"
        try:
            published_at = undated.at(list_position(int(foot[1]) if foot else 1, index))
            yield _item(place, paragraphs, region, tag, published_at)
        except Refused as refusal:
            yield Failure(place, str(refusal))


def tag_of_title(title: str) -> str:
    """The tag that a page's title names. Raises Refused."""
    found = TITLE.fullmatch(title)
    if not found:
        raise Refused("has no title line “Displaying items by tag: …”")
    if not (tag := tidy(found[1])):
        raise Refused("names no tag in its title")
    return tag


def _stories(lines):
    """(paragraphs, region) of each; the region is None where text is left over at the end."""
    paragraphs, paragraph = [], []
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        region = _region_of(line.strip(), following.strip())
        if not line.strip() or region:
            if paragraph:
                paragraphs.append("\n".join(paragraph).strip())
            paragraph = []
        else:
            paragraph.append(line)
        if region:
            yield paragraphs, region
            paragraphs = []
    if paragraphs or paragraph:
        yield [*paragraphs, "\n".join(paragraph)], None


def _region_of(line, following):
    """The region that this line names. A sentence may begin with the same words, but it ends with a stop or goes on."""
    found = _REGION.fullmatch(line)
    if not found or following or line.endswith((".", "!", "?", "…")):
        return None
    return found[1]


def _item(place, paragraphs, region, tag, published_at):
    if region is None:
        raise Refused("has no “Published in …” line")
    if paragraphs:
        paragraphs[-1], lost_sources = without_dangling_see(paragraphs[-1])
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    if not paragraphs:
        raise Refused("has no text")
    return Item(
        place=place,
        origin=K2,
        headline=headline_from(paragraphs[0]),
        body="".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs),
        region=region,
        tags=(tag,),
        lost_sources=lost_sources,
        import_ref=make_reference("text", "\n".join(paragraphs)),
        published_at=published_at,
        is_dated=False,
    )
