"""Results of a measure, and their verdict against an aim."""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Figure:
    """A row of the table. `aim` is a limit such as "<= 1.1", or empty if there is none."""

    measure: str
    value: float
    aim: str = ""
    detail: str = ""

    @property
    def verdict(self) -> str:
        if not self.aim:
            return ""
        relation, limit = self.aim.split()
        reached = self.value <= float(limit) if relation == "<=" else self.value >= float(limit)
        return "reached" if reached else "**missed**"


@dataclass
class Measured:
    """Figures, and points for the plot as {curve: [(x, milliseconds), ...]}."""

    figures: list[Figure]
    curves: dict[str, list] = field(default_factory=dict)

    def as_json(self) -> dict:
        return {"figures": [asdict(figure) for figure in self.figures], "curves": self.curves}

    @classmethod
    def from_json(cls, saved: dict) -> "Measured":
        return cls([Figure(**figure) for figure in saved["figures"]], saved["curves"])
