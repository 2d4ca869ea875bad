"""Base classes of import formats."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from stories.importers.decoding import decode
from stories.importers.fallback_dates import FallbackDates
from stories.importers.item import Failure, Item, Rejected

MAX_TEXT_BYTES = 20 * 1024 * 1024


class Format(ABC):
    """A kind of file that stories can be imported from."""

    # As the operator reads it in reports, in the command's help and in docs/importing.md.
    name: ClassVar[str]
    # In a folder, files with these suffixes are read: ".html".
    suffixes: ClassVar[tuple[str, ...]]
    # Key of this format's provenance in `Story.imported`: lower-case letters, digits, "-" and "_". It never changes.
    # Formats share an origin only if they describe the same stories under the same `import_ref`.
    origin: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.suffixes)})"

    @abstractmethod
    def recognises(self, start: str) -> bool:
        """Tell whether a file is in this format. `start` is its first 4,096 bytes, without leading white space."""

    @abstractmethod
    def read(self, file: BinaryIO, dates: FallbackDates) -> Iterator[Item | Failure]:
        """Yield the file's stories, oldest first, and a Failure for each one that can't be read.

        Raises Rejected if the whole file can't be read. `dates` is for stories that have no date.
        """


class TextFormat(Format):
    """A format that is read as one text, of at most 20 MB."""

    def read(self, file: BinaryIO, dates: FallbackDates) -> Iterator[Item | Failure]:
        content = file.read(MAX_TEXT_BYTES + 1)
        if len(content) > MAX_TEXT_BYTES:
            raise Rejected(f"is larger than {MAX_TEXT_BYTES // 1024**2} MB")
        return self.read_text(decode(content), dates)

    @abstractmethod
    def read_text(self, text: str, dates: FallbackDates) -> Iterator[Item | Failure]:
        """Yield what `read` does."""
