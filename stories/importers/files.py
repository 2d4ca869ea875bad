"""Find the files to import, and open them with a progress callback."""

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from .item import Rejected

BUFFER_BYTES = 256 * 1024


class ProgressFile(io.FileIO):
    """A file, opened for reading, that reports the number of bytes of each read."""

    def __init__(self, path: Path, advance: Callable[[int], object]) -> None:
        super().__init__(path)
        self._advance = advance

    def readinto(self, buffer: Any, /) -> int | None:
        size = super().readinto(buffer)
        self._advance(size or 0)
        return size


def open_with_progress(path: Path, advance: Callable[[int], object]) -> io.BufferedReader:
    """Open a file for reading in binary. Calls `advance` with the number of bytes, at each read from the disk."""
    return io.BufferedReader(ProgressFile(path, advance), BUFFER_BYTES)


def find_files(paths: Iterable[str], suffixes: Iterable[str]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return the files to read, and (path, reason) of each path that can't be read.

    Each file is listed once, in natural order. In folders, only files with one of the suffixes count.
    """
    files: dict[str, Path] = {}
    failures: list[tuple[Path, str]] = []
    for path in map(Path, paths):
        try:
            found = _files_at(path, tuple(suffixes), failures)
        except (Rejected, OSError, ValueError) as error:
            failures.append((path, describe_error(error)))
        else:
            files |= {os.path.realpath(file): file for file in sorted(found, key=natural_order)}
    return sorted(files.values(), key=natural_order), failures


def describe_error(error: Exception) -> str:
    """Return the reason for the report, as it follows a file's name."""
    return f"can't be read: {error.strerror or error}" if isinstance(error, OSError) else str(error)


def natural_order(path: Path | str) -> list[tuple[int, str]]:
    """Return a sort key that puts page 2 before page 10."""
    parts = re.split(r"([0-9]+)", str(path))
    return [(int(part), "") if index % 2 else (0, part) for index, part in enumerate(parts)]


def _files_at(path: Path, suffixes: tuple[str, ...], failures: list[tuple[Path, str]]) -> list[Path]:
    if path.is_dir():
        found = [file for file in _walk(path, failures) if file.suffix.lower() in suffixes]
        if not found:
            raise Rejected(f"has no files that end in {', '.join(sorted(suffixes))}")
        return found
    if not path.exists():
        raise Rejected("does not exist")
    if not path.is_file():
        raise Rejected("is neither a file nor a folder")
    return [path]


def _walk(folder: Path, failures: list[tuple[Path, str]]) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        failures.append((Path(error.filename), describe_error(error)))

    for inside, folders, names in os.walk(folder, onerror=fail):
        # Browsers save a page's images and scripts in a folder named after the page: page.html, page_files.
        folders[:] = [name for name in folders if not name.endswith("_files") and not name.startswith(".")]
        yield from (Path(inside, name) for name in names if not name.startswith("."))
