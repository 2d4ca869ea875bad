"""The one `Import` that every format feeds: which files, which items together, what to do when one is refused.

What an item does to a story is in batch.py.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from django.db import DataError, Error, IntegrityError, connection, transaction

from stories.models import Status

from . import files
from .batch import write
from .dates import Undated
from .item import Failure, Item, Refused
from .report import Report
from .validation import checked

# Stories of a usual weight.
BATCH_SIZE = 1000


class Import:
    """One call of the operator's. `report` is right at every moment, also after an interruption."""

    def __init__(self, paths: list[str], *, status: str = Status.PUBLISHED, newest: date | None = None):
        self.status = status
        self.undated = Undated(newest, is_required=status == Status.PUBLISHED)
        self.report = Report()
        found, failures = files.find(paths)
        # The last page first: stories of one moment then keep their order, which is that of their creation.
        self.files = found[::-1]
        for path, reason in failures:
            self.report.fail(path, reason)

    @property
    def size(self) -> int:
        """Of all the files, in bytes."""
        return sum(path.stat().st_size for path in self.files if path.exists())

    def run(self, *, dry_run: bool = False, advance: Callable[[int], object] = lambda size: None) -> None:
        """Imports the files in batches; `advance` is told how many bytes were read. A dry run undoes it all."""
        try:
            if connection.vendor == "sqlite":
                # In kilobytes. With its usual two megabytes, a batch would write the same pages of the indexes over and over.
                connection.cursor().execute("PRAGMA cache_size = -100000")
            with transaction.atomic() if dry_run else nullcontext():
                for batch in self._batches(advance):
                    self._write(batch)
                if dry_run:
                    transaction.set_rollback(True)
        except Error as error:
            self.report.fail("stopped", f"the database does not answer: {first_line(error)}")

    def _batches(self, advance) -> Iterator[list[tuple[Path, Item]]]:
        batch, weight = [], 0
        for path, item in self._items(advance):
            batch.append((path, item))
            weight += item_weight(item)
            if weight >= BATCH_SIZE:
                yield batch
                batch, weight = [], 0
        if batch:
            yield batch

    def _items(self, advance) -> Iterator[tuple[Path, Item]]:
        for path in self.files:
            try:
                for item in files.read(path, self.undated, advance):
                    yield from self._checked(path, item)
            except (Refused, OSError) as error:
                self.report.fail(path, files.describe_error(error))

    def _checked(self, path, item):
        if isinstance(item, Failure):
            self.report.fail(path, item.reason, item.place)
            return
        try:
            yield path, checked(item, self.status)
        except Refused as refusal:
            self.report.fail(path, str(refusal), item.place)

    def _write(self, batch):
        try:
            outcomes = write([item for _, item in batch])
        except Error as error:
            # One of them is to blame, or another import was faster: tried one by one, it is found.
            if len(batch) > 1:
                for single in batch:
                    self._write([single])
            elif isinstance(error, (IntegrityError, DataError)):
                [(path, item)] = batch
                self.report.fail(path, f"the database refused it: {first_line(error)}", item.place)
            else:
                raise
        else:
            for (_, item), outcome in zip(batch, outcomes, strict=True):
                self.report.add(outcome, item.lost_sources)


def item_weight(item: Item) -> float:
    """1 for a short story. More for many tags, all of which one query looks for, and a long body, for it is in memory."""
    return max(1, (len(item.tags) + len(item.sources)) / 10, len(item.body) / 20_000)


def first_line(error: Exception) -> str:
    """Without the details, which quote what was to be written."""
    return str(error).partition("\n")[0]
