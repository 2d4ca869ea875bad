"""The report of an import, as the operator reads it."""

from collections import Counter
from enum import StrEnum
from pathlib import Path

from stories.text.normalize import tidy

from .files import natural_order

MAX_NAME_CHARS = 300
MAX_REASON_CHARS = 300


class Outcome(StrEnum):
    """The effect of an item on its story."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Report:
    """Count outcomes and collect failures. As text: a line for each failure, then the totals."""

    def __init__(self) -> None:
        self.counts: Counter[Outcome] = Counter()
        self.lost_sources = 0
        self.failures: list[str] = []

    def add(self, outcome: Outcome, lost_sources: int) -> None:
        self.counts[outcome] += 1
        self.lost_sources += lost_sources

    def fail(self, path: Path | str, reason: str, place: str = "") -> None:
        # tidy() drops line breaks and terminal commands, which names and content may contain.
        name, reason = tidy(str(path)), tidy(f"{place}: {reason}" if place else reason)
        if len(name) > MAX_NAME_CHARS:
            name = f"…{name[-MAX_NAME_CHARS:]}"
        self.failures.append(f"{name}: {reason[:MAX_REASON_CHARS]}")

    def __str__(self) -> str:
        counted = [f"{self.counts[outcome]} {outcome}" for outcome in Outcome]
        totals = ", ".join([*counted, f"{len(self.failures)} failed", f"{self.lost_sources} lost sources"])
        return "\n".join([*sorted(self.failures, key=natural_order), totals])
