"""What a measure gives back, and how it is held against its aim."""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Figure:
    """One line of the table. `aim` is a limit such as "<= 1.1", or nothing where the figure stands for itself."""

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
    """Figures, and points for the plot: {curve: [(x, milliseconds), ...]}."""

    figures: list[Figure]
    curves: dict[str, list] = field(default_factory=dict)

    def as_json(self) -> dict:
        return {"figures": [asdict(figure) for figure in self.figures], "curves": self.curves}

    @classmethod
    def from_json(cls, kept: dict) -> "Measured":
        return cls([Figure(**figure) for figure in kept["figures"]], kept["curves"])
