"""The picture that stands beside a link to a story where it is shared: its headline and region on the site's own paper.

How wide and high such a picture is best: https://ogp.me/#structured and the sites that show them.
"""

import re
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from font_source_serif_pro import font_files_ttf
from PIL import Image, ImageDraw, ImageFont

from stories.text.normalize import tidy

SIZE = WIDTH, HEIGHT = 1200, 630  # pixels
MARGIN, BAR = 72, 14
# The headline as large as it fits; a longer one is cut.
LARGEST, SMALLEST, MOST_LINES = 84, 44, 5
REGION, SITE = 40, 44


def card(headline: str, region: str, hue: int, site: str) -> bytes:
    """A PNG of SIZE. `hue` is the region's, as in the style sheet. What the font has no letters for is left out."""
    headline, region, site = map(tidy, (headline, region, site))
    image = Image.new("RGB", SIZE, css_colour("--paper"))
    draw = ImageDraw.Draw(image)
    ink, region_ink = css_colour("--ink"), css_colour(f".hue-{hue} {{ --hue")
    draw.rectangle((0, 0, WIDTH, BAR), css_colour("--accent"))
    write(draw, (MARGIN, MARGIN), region, font(REGION), region_ink)
    draw.rectangle((MARGIN, MARGIN + 64, MARGIN + 120, MARGIN + 70), region_ink)
    size, lines = fitted(headline) if is_covered(headline) else (LARGEST, [])
    for number, line in enumerate(lines):
        write(draw, (MARGIN, MARGIN + 110 + number * size * 1.15), line, font(size), ink)
    write(draw, (MARGIN, HEIGHT - MARGIN - SITE), site, font(SITE), ink)
    picture = BytesIO()
    image.quantize(32, method=Image.Quantize.FASTOCTREE).save(picture, "PNG")  # a tenth of the default's time
    return picture.getvalue()


def write(draw, at, text, letters, ink):
    if text and is_covered(text):
        draw.text(at, text, font=letters, fill=ink)


def fitted(text: str) -> tuple[int, list[str]]:
    """(size of its letters in pixels, its lines): the largest size in which its lines fit, or the smallest and fewer words."""
    for size in range(LARGEST, SMALLEST - 1, -8):
        lines = wrap_lines(text, font(size))
        if len(lines) * size * 1.15 <= HEIGHT - 2 * MARGIN - 110 - SITE and len(lines) <= MOST_LINES:
            return size, lines
    return size, [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1].rpartition(' ')[0]}…"]


def wrap_lines(text, letters) -> list[str]:
    """Broken between words, and within a word that is wider than the picture."""
    lines = [""]
    for word in text.split():
        for piece in split_wide_word(word, letters):
            longer = f"{lines[-1]} {piece}".strip()
            if letters.getlength(longer) <= WIDTH - 2 * MARGIN:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def split_wide_word(word, letters):
    room = max(1, int(len(word) * (WIDTH - 2 * MARGIN) / max(1, letters.getlength(word))))
    return [word[start : start + room] for start in range(0, len(word), room)]


@lru_cache
def font(size):
    return ImageFont.truetype(font_files_ttf["SourceSerifProBold"], size)


def is_covered(text: str) -> bool:
    """Whether the font has a letter for each of its characters: Latin, Greek and Cyrillic ones, mostly."""
    return all(has_letter(character) for character in text if not character.isspace())


@lru_cache(maxsize=5_000)
def has_letter(character) -> bool:
    missing, found = (font(SMALLEST).getmask(one) for one in ("\uffff", character))
    return bytes(found) != bytes(missing)


@lru_cache
def css_colour(name: str) -> str:
    """A light colour of the style sheet, by what stands before it there."""
    return re.search(re.escape(name) + r": light-dark\((#\w{6})", settings.INLINED_STYLE)[1]
