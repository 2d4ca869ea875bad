"""Registry of import formats, one module each. docs/contributing/add-an-importer.md adds one step by step."""

from stories.importers.decoding import SNIFF_BYTES, decode_start
from stories.importers.item import Rejected

from .base import Format
from .json_lines import JSONLines
from .k2_html import K2HTML
from .k2_text import K2Text

# The first that recognises a file reads it. K2HTML takes any HTML, so it comes last.
FORMATS: list[Format] = [JSONLines(), K2Text(), K2HTML()]

__all__ = ["FORMATS", "SNIFF_BYTES", "Format", "detect_format", "known_suffixes"]


def known_suffixes() -> set[str]:
    """Return the suffixes of all formats, such as ".html"."""
    return {suffix for format_ in FORMATS for suffix in format_.suffixes}


def detect_format(start: bytes) -> Format:
    """Return the format of a file from its first SNIFF_BYTES. Raises Rejected."""
    text = decode_start(start).lstrip()
    for format_ in FORMATS:
        if format_.recognises(text):
            return format_
    if not text:
        raise Rejected("is empty")
    if "\0" in text:
        raise Rejected("is not a text file")
    raise Rejected(f"has an unknown format. Known are: {'; '.join(format_.name for format_ in FORMATS)}")
