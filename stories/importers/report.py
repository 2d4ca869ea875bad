"""What became of the items of an import, as the operator reads it."""

from collections import Counter
from enum import StrEnum
from pathlib import Path

from stories.text.normalize import tidy

from .files import natural_order

LONGEST = 300


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Report:
    def __init__(self):
        self.counts = Counter()
        self.lost_sources = 0
        self.failures = []

    def add(self, outcome: Outcome, lost_sources: int) -> None:
        self.counts[outcome] += 1
        self.lost_sources += lost_sources

    def fail(self, path: Path, reason: str, place: str = "") -> None:
        # One line each, whatever a file is called or holds: no line breaks, no commands to the terminal.
        name, reason = tidy(str(path)), tidy(f"{place}: {reason}" if place else reason)
        if len(name) > LONGEST:
            name = f"…{name[-LONGEST:]}"
        self.failures.append(f"{name}: {reason[:LONGEST]}")

    def __str__(self):
        counted = [f"{self.counts[outcome]} {outcome}" for outcome in Outcome]
        totals = ", ".join([*counted, f"{len(self.failures)} failed", f"{self.lost_sources} lost sources"])
        return "\n".join([*sorted(self.failures, key=natural_order), totals])
