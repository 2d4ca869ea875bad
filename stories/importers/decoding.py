"""Turn the bytes of a text file into text."""

import codecs
import re

from .item import Rejected

# A declared charset, and a null byte, are looked for in this many bytes.
SNIFF_BYTES = 4096
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Possessive, and never past the next "<": a hostile start could take seconds otherwise.
_DECLARED = re.compile(
    rb"<(?:meta\b[^<>]*?charset|\?xml\b[^<>]*?encoding)\s*+=\s*+[\"']?+\s*+([\w.:-]++)", re.IGNORECASE
)
# Python knows more encodings than pages use. Some are traps: zip, hex, punycode, unicode_escape.
_KNOWN_CHARSET = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-)?ascii|latin-?1|(windows-|cp)\d+|(x-)?mac[-_]?\w+|iso[-_]?8859[-_]\d+"
    r"|koi8-[ru]|shift[-_]jis|euc-(jp|kr)|iso-2022-jp|gbk|gb2312|gb18030|big5(-hkscs)?",
    re.IGNORECASE,
)
# Browsers read these names as another charset.
_BROWSER_CHARSETS = dict.fromkeys(["ascii", "us-ascii", "latin1", "latin-1", "iso-8859-1", "iso8859-1"], "cp1252")
_BROWSER_CHARSETS |= {"gb2312": "gb18030"} | dict.fromkeys(["utf-16", "utf-16le", "utf-16be", "utf16"], "utf-8")


def decode(content: bytes) -> str:
    """Decode by the byte order mark, else the declared charset, else UTF-8. Raises Rejected."""
    charset = _marked_charset(content)
    if charset is None and b"\0" in content[:SNIFF_BYTES]:
        raise Rejected("is not a text file")
    charset = charset or _declared_charset(content[:SNIFF_BYTES]) or "utf-8"
    try:
        return content.decode(charset)
    except (UnicodeError, LookupError) as error:
        name = charset.removesuffix("-sig").upper()
        raise Rejected(f"is not valid {name}: save it as UTF-8") from error


def decode_start(start: bytes) -> str:
    """Decode the first bytes of any file by its byte order mark, else as UTF-8. Invalid bytes become U+FFFD."""
    return start.decode(_marked_charset(start) or "utf-8", "replace")


def _marked_charset(content: bytes) -> str | None:
    return next((charset for mark, charset in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)


def _declared_charset(start: bytes) -> str | None:
    found = _DECLARED.search(start)
    if not found:
        return None
    name = found[1].decode("ascii", "replace").lower()
    if not _KNOWN_CHARSET.fullmatch(name):
        raise Rejected(f"declares an unknown encoding: {name[:40]}")
    return _BROWSER_CHARSETS.get(name, name)
