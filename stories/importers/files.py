"""Finds the files, tells their format from what is in them, and turns their bytes into text.

What the text means is for the module of each format.
"""

import codecs
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .dates import Undated
from .formats import json_lines, k2_html, k2_text
from .item import Failure, Item, Refused

SUFFIXES = {".html", ".htm", ".txt", ".jsonl"}
LARGEST_PAGE = 20 * 1024 * 1024
SNIFFED = 4096
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Possessive, and never past the next "<": a hostile start could take seconds otherwise.
_DECLARED = re.compile(
    rb"<(?:meta\b[^<>]*?charset|\?xml\b[^<>]*?encoding)\s*+=\s*+[\"']?+\s*+([\w.:-]++)", re.IGNORECASE
)
# Python knows more encodings than pages are written in, some of them traps: zip, hex, punycode, unicode_escape.
_KNOWN_CHARSET = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-)?ascii|latin-?1|(windows-|cp)\d+|(x-)?mac[-_]?\w+|iso[-_]?8859[-_]\d+"
    r"|koi8-[ru]|shift[-_]jis|euc-(jp|kr)|iso-2022-jp|gbk|gb2312|gb18030|big5(-hkscs)?",
    re.IGNORECASE,
)
# What browsers read for these names.
_MEANT = dict.fromkeys(["ascii", "us-ascii", "latin1", "latin-1", "iso-8859-1", "iso8859-1"], "cp1252")
_MEANT |= {"gb2312": "gb18030"} | dict.fromkeys(["utf-16", "utf-16le", "utf-16be", "utf16"], "utf-8")
_ELEMENT = re.compile(r"<(?:!doctype|html|head|meta|body|div|section|table|h1|h2|p|ul|span|a)\b", re.IGNORECASE)


def find(paths: list[str]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The files to read, each once, in the order of their names' numbers; and (path, reason) of what can't be."""
    files, failures = {}, []
    for path in map(Path, paths):
        try:
            found = _files_at(path, failures)
        except (Refused, OSError, ValueError) as error:
            failures.append((path, describe_error(error)))
        else:
            files |= {os.path.realpath(file): file for file in sorted(found, key=natural_order)}
    return sorted(files.values(), key=natural_order), failures


def read(path: Path, undated: Undated, advance: Callable[[int], object]) -> Iterator[Item | Failure]:
    """What the file holds, oldest first; `advance` is told how many bytes were read. Raises Refused and OSError."""
    with path.open("rb") as file:
        start = file.read(SNIFFED)
        file.seek(0)
        if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
            yield from json_lines.read(file, advance)
            return
        size = os.fstat(file.fileno()).st_size
        if size > LARGEST_PAGE:
            raise Refused(f"is {size / 1024**2:.0f} MB; a saved page has at most {LARGEST_PAGE // 1024**2}")
        content = file.read(LARGEST_PAGE)
    advance(len(content))
    text = decode(content)
    if not text.strip():
        raise Refused("is empty")
    yield from (k2_html if _is_html(text) else k2_text).read(text, undated)


def decode(content: bytes) -> str:
    """By its byte order mark, else by the charset it declares, else as UTF-8. Raises Refused."""
    charset = next((charset for mark, charset in _MARKS.items() if content.startswith(mark)), None)
    if charset is None and b"\0" in content[:SNIFFED]:
        raise Refused("is not a text file")
    charset = charset or _declared_charset(content[:SNIFFED]) or "utf-8"
    try:
        return content.decode(charset)
    except (UnicodeError, LookupError) as error:
        name = charset.removesuffix("-sig").upper()
        raise Refused(f"is not written in {name}: save it as UTF-8") from error


@contextmanager
def atomic_write(path: str):
    """A text file to write, which takes that path's place only when all is written. Raises Refused."""
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise Refused(f"{path} is not a file")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as file:
            yield file
        unfinished.replace(target)
    except OSError as error:
        raise Refused(f"{path} {describe_error(error, 'written')}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def describe_error(error: Exception, done: str = "read") -> str:
    return f"can't be {done}: {error.strerror or error}" if isinstance(error, OSError) else str(error)


def natural_order(path) -> list:
    """Page 2 before page 10."""
    parts = re.split(r"([0-9]+)", str(path))
    return [(int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts)]


def _files_at(path, failures):
    if path.is_dir():
        found = [file for file in _walk(path, failures) if file.suffix.lower() in SUFFIXES]
        if not found:
            raise Refused(f"has no files that end in {', '.join(sorted(SUFFIXES))}")
        return found
    if not path.exists():
        raise Refused("does not exist")
    if not path.is_file():
        raise Refused("is neither a file nor a folder")
    return [path]


def _walk(folder, failures):
    def fail(error):
        failures.append((Path(error.filename), describe_error(error)))

    for inside, folders, names in os.walk(folder, onerror=fail):
        # Browsers put a page's images and scripts in a folder beside it: page.html, page_files.
        folders[:] = [name for name in folders if not name.endswith("_files") and not name.startswith(".")]
        yield from (Path(inside, name) for name in names if not name.startswith("."))


def _declared_charset(start):
    found = _DECLARED.search(start)
    if not found:
        return None
    name = found[1].decode("ascii", "replace").lower()
    if not _KNOWN_CHARSET.fullmatch(name):
        raise Refused(f"declares an encoding that is not known here: {name[:40]}")
    return _MEANT.get(name, name)


def _is_html(text):
    start = text[:SNIFFED]
    return not k2_text.TITLE.match(start.lstrip()) and _ELEMENT.search(start) is not None
