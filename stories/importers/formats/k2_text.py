"""K2 tag pages copied as plain text: the title, stories that each end with "Published in", the foot.

Links and dates are lost. They are not guessed from the words.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import zip_longest

from stories.importers.closing_links import remove_dangling_see
from stories.importers.fallback_dates import FallbackDates
from stories.importers.headline_guess import guess_headline
from stories.importers.item import Failure, Item, Rejected, text_reference
from stories.importers.k2 import FOOT, ORIGIN, TITLE, list_position, tag_from_title

from .base import TextFormat

_REGION = re.compile(r"Published in[ \t]+(\S.{0,99})")


class K2Text(TextFormat):
    name = "K2 tag page, copied as text"
    suffixes = (".txt",)
    origin = ORIGIN

    def recognises(self, start: str) -> bool:
        return TITLE.match(start) is not None

    def read_text(self, text: str, dates: FallbackDates) -> Iterator[Item | Failure]:
        # Not splitlines(), which also breaks lines at rarer separators such as U+2028.
        lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
        tag = tag_from_title(lines.pop(0).strip())
        if tag is None:
            raise Rejected("has no title line “Displaying items by tag: …”")
        foot = FOOT.fullmatch(lines.pop().strip()) if lines and FOOT.fullmatch(lines[-1].strip()) else None
        page_number = int(foot[1]) if foot else 1
        stories = list(_split_stories(lines))
        if not stories:
            raise Rejected("has no stories, only the title")
        dates.check()
        for index, (paragraphs, region) in reversed(list(enumerate(stories))):
            place = f"item {index + 1}"
            try:
                yield _read_item(place, list_position(page_number, index), paragraphs, region, tag, dates)
            except Rejected as error:
                yield Failure(place, str(error))


def _split_stories(lines: list[str]) -> Iterator[tuple[list[str], str | None]]:
    """Yield (paragraphs, region) of each story. The region is None for text left over at the end."""
    paragraphs: list[str] = []
    paragraph: list[str] = []
    for line, next_line in zip_longest(lines, lines[1:], fillvalue=""):
        region = _region(line.strip(), next_line.strip())
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


def _region(line: str, next_line: str) -> str | None:
    """Return the region that this line names. A sentence with the same first words ends with a stop, or goes on."""
    found = _REGION.fullmatch(line)
    if not found or next_line or line.endswith((".", "!", "?", "…")):
        return None
    return found[1]


def _read_item(
    place: str, position: int, paragraphs: list[str], region: str | None, tag: str, dates: FallbackDates
) -> Item:
    published_at = dates.at(position)
    if region is None:
        raise Rejected("has no “Published in …” line")
    lost_sources = 0
    if paragraphs:
        paragraphs[-1], lost_sources = remove_dangling_see(paragraphs[-1])
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    if not paragraphs:
        raise Rejected("has no text")
    return Item(
        place=place,
        headline=guess_headline(paragraphs[0]),
        body="".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs),
        region=region,
        tags=(tag,),
        lost_sources=lost_sources,
        import_ref=text_reference("text", "\n".join(paragraphs)),
        published_at=published_at,
        is_dated=False,
    )
