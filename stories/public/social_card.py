"""The picture that other sites show with a link to a story: its headline and region in the site's own colours.

Its size is what those sites show best: https://ogp.me/#structured
"""

import re
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from font_source_serif_pro import font_files_ttf  # type: ignore[import-untyped]  # publishes no types
from PIL import Image, ImageDraw, ImageFont

from stories.text.normalize import tidy

# Sizes are in pixels.
SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN, BAR_HEIGHT = 72, 14
MAX_HEADLINE_SIZE, MIN_HEADLINE_SIZE, HEADLINE_STEP, LINE_HEIGHT = 84, 44, 8, 1.15
MAX_LINES = 5
REGION_SIZE, SITE_SIZE = 40, 44
HEADLINE_TOP = MARGIN + 110
COLOURS = 32


def draw_card(headline: str, region: str, hue: int, site: str) -> bytes:
    """Return a PNG. `hue` is the number of the region's colour. Texts with letters that the font lacks are left out."""
    headline, region, site = map(tidy, (headline, region, site))
    image = Image.new("RGB", SIZE, css_colour("--paper"))
    draw = ImageDraw.Draw(image)
    ink, region_ink = css_colour("--ink"), css_colour(f".hue-{hue} {{ --hue")
    draw.rectangle((0, 0, WIDTH, BAR_HEIGHT), css_colour("--accent"))
    write(draw, (MARGIN, MARGIN), region, REGION_SIZE, region_ink)
    draw.rectangle((MARGIN, MARGIN + 64, MARGIN + 120, MARGIN + 70), region_ink)
    size, lines = fit_headline(headline) if is_covered(headline) else (MAX_HEADLINE_SIZE, [])
    for number, line in enumerate(lines):
        write(draw, (MARGIN, HEADLINE_TOP + number * size * LINE_HEIGHT), line, size, ink)
    write(draw, (MARGIN, HEIGHT - MARGIN - SITE_SIZE), site, SITE_SIZE, ink)
    picture = BytesIO()
    # FASTOCTREE takes a tenth of the default method's time.
    image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(picture, "PNG")
    return picture.getvalue()


def write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, ink: str) -> None:
    if text and is_covered(text):
        draw.text(at, text, font=font(size), fill=ink)


def fit_headline(text: str) -> tuple[int, list[str]]:
    """Return the largest size whose lines fit, and the lines; or the smallest size, and as many words as fit."""
    for size in range(MAX_HEADLINE_SIZE, MIN_HEADLINE_SIZE - 1, -HEADLINE_STEP):
        lines = wrap_lines(text, font(size))
        if len(lines) <= MAX_LINES and len(lines) * size * LINE_HEIGHT <= HEIGHT - HEADLINE_TOP - MARGIN - SITE_SIZE:
            return size, lines
    return size, [*lines[: MAX_LINES - 1], f"{lines[MAX_LINES - 1].rpartition(' ')[0]}…"]


def wrap_lines(text: str, letters: ImageFont.FreeTypeFont) -> list[str]:
    """Break the text between words, and within a word that is wider than the picture."""
    lines = [""]
    for word in text.split():
        for piece in split_wide_word(word, letters):
            longer = f"{lines[-1]} {piece}".strip()
            if letters.getlength(longer) <= WIDTH - 2 * MARGIN:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def split_wide_word(word: str, letters: ImageFont.FreeTypeFont) -> list[str]:
    room = max(1, int(len(word) * (WIDTH - 2 * MARGIN) / max(1, letters.getlength(word))))
    return [word[start : start + room] for start in range(0, len(word), room)]


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_files_ttf["SourceSerifProBold"], size)


def is_covered(text: str) -> bool:
    """Tell if the font has all letters of the text. It mostly has Latin, Greek and Cyrillic ones."""
    return all(has_letter(character) for character in text if not character.isspace())


@lru_cache(maxsize=5_000)
def has_letter(character: str) -> bool:
    missing, found = (font(MIN_HEADLINE_SIZE).getmask(one) for one in ("\uffff", character))
    return bytes(found) != bytes(missing)


@lru_cache
def css_colour(name: str) -> str:
    """Return a light colour of the style sheet by the text before it there. Raises LookupError without one."""
    found = re.search(re.escape(name) + r": light-dark\((#\w{6})", settings.INLINED_STYLE)
    if found is None:
        raise LookupError(f"the style sheet has no colour {name!r}")
    return found[1]
