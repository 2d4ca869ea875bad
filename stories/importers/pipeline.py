"""Run an import: read files, validate items, write them in batches, report failures."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from django.db import DataError, Error, IntegrityError, connection, transaction

from stories.models import Status

from .batch import write_batch
from .fallback_dates import FallbackDates
from .files import describe_error, find_files, open_with_progress
from .formats import SNIFF_BYTES, detect_format, known_suffixes
from .item import Failure, Item, Rejected
from .report import Report
from .validation import validate

# In short stories, see item_weight().
MAX_BATCH_WEIGHT = 1000
SQLITE_CACHE_KIB = 100_000


class Import:
    """One run of `importstories`. `report` is right at any time, also after an interruption."""

    def __init__(self, paths: list[str], *, status: str = Status.PUBLISHED, newest: date | None = None) -> None:
        self.status = status
        self.dates = FallbackDates(newest, is_required=status == Status.PUBLISHED)
        self.report = Report()
        files, failures = find_files(paths, known_suffixes())
        # Last page first: it has the oldest stories, and stories of one date are listed in order of creation.
        self.files = files[::-1]
        for path, reason in failures:
            self.report.fail(path, reason)

    @property
    def size(self) -> int:
        """Total size of the files, in bytes."""
        return sum(path.stat().st_size for path in self.files if path.exists())

    def run(self, *, dry_run: bool = False, advance: Callable[[int], object] = lambda size: None) -> None:
        """Import the files. Calls `advance` with the bytes of each read. A dry run is rolled back at the end."""
        try:
            if connection.vendor == "sqlite":
                # With the default of 2 MB, a batch writes the same index pages again and again.
                connection.cursor().execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
            with transaction.atomic() if dry_run else nullcontext():
                for batch in self._batches(advance):
                    self._write(batch)
                if dry_run:
                    transaction.set_rollback(True)
        except Error as error:
            self.report.fail("Import stopped", f"the database failed: {first_line(error)}")

    def _batches(self, advance: Callable[[int], object]) -> Iterator[list[tuple[Path, Item]]]:
        batch: list[tuple[Path, Item]] = []
        weight = 0.0
        for path, item in self._items(advance):
            batch.append((path, item))
            weight += item_weight(item)
            if weight >= MAX_BATCH_WEIGHT:
                yield batch
                batch, weight = [], 0.0
        if batch:
            yield batch

    def _items(self, advance: Callable[[int], object]) -> Iterator[tuple[Path, Item]]:
        """Yield (path, validated item) of all files. Failures go into the report."""
        for path in self.files:
            try:
                with open_with_progress(path, advance) as file:
                    format_ = detect_format(file.peek(SNIFF_BYTES)[:SNIFF_BYTES])
                    for item in format_.read(file, self.dates):
                        if valid := self._validate(path, item, format_.origin):
                            yield path, valid
            except (Rejected, OSError) as error:
                self.report.fail(path, describe_error(error))

    def _validate(self, path: Path, item: Item | Failure, origin: str) -> Item | None:
        if isinstance(item, Failure):
            self.report.fail(path, item.reason, item.place)
            return None
        try:
            return validate(item, origin=origin, default_status=self.status)
        except Rejected as error:
            self.report.fail(path, str(error), item.place)
            return None

    def _write(self, batch: list[tuple[Path, Item]]) -> None:
        try:
            outcomes = write_batch([item for _, item in batch])
        except Error as error:
            # One item is to blame, or another import wrote the same story first. Writing one by one finds it.
            if len(batch) > 1:
                for single in batch:
                    self._write([single])
            elif isinstance(error, (IntegrityError, DataError)):
                [(path, item)] = batch
                self.report.fail(path, f"the database rejected it: {first_line(error)}", item.place)
            else:
                raise
        else:
            for (_, item), outcome in zip(batch, outcomes, strict=True):
                self.report.add(outcome, item.lost_sources)


def item_weight(item: Item) -> float:
    """Return 1 for a short story, more for many tags, which one query looks up, or a long body, which fills memory."""
    return max(1, (len(item.tags) + len(item.sources)) / 10, len(item.body) / 20_000)


def first_line(error: Exception) -> str:
    """Return an error without its details, which quote the rejected values."""
    return str(error).partition("\n")[0]
