"""What a benchmark finds: figures, held against goals, in one table."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One number that was measured.

    Attributes
    ----------
    name
        What was measured; goals are looked up under it.
    value, unit
        The number, and what it counts; a ratio has the unit "x".
    ours, other
        What it was made of: our side, and the opponent's.
    """

    name: str
    value: float
    unit: str
    ours: str = ""
    other: str = ""


@dataclass(frozen=True)
class Goal:
    """What a figure should be: from `low` to `high`."""

    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        if math.isinf(self.high):
            return f"at least {self.low:.3g}"
        return (
            f"under {self.high:.3g}"
            if math.isinf(self.low)
            else f"{self.low:.3g} to {self.high:.3g}"
        )

    def reached(self, value: float) -> bool:
        """Whether a value is what it should be; an undefined one is not."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Benchmark:
    """A benchmark: what it finds, and what each of its figures should be.

    Attributes
    ----------
    name
        Word on the command line.
    title
        Heading of its rows.
    measure
        Does the work.
    goals
        Name of a figure -> goal; figures without one are for information.
    """

    name: str
    title: str
    measure: Callable[[], list[Figure]]
    goals: dict[str, Goal]


def alternating(
    sides: Sequence[Callable[[], float]], rounds: int = ROUNDS, warm: int = 1
) -> list[list[float]]:
    """Seconds of each side in each round, the sides in turns; each side times itself."""
    for _ in range(warm):
        for side in sides:
            side()
    return [list(row) for row in zip(*[[side() for side in sides] for _ in range(rounds)],
                                     strict=True)]  # fmt: skip


def ratio(other: Sequence[float], ours: Sequence[float]) -> float:
    """Median over the rounds of how many times longer the other side took."""
    return median(one / two for one, two in zip(other, ours, strict=True))


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def shown(value: float) -> str:
    """Three digits, or a whole number."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def rows(title: str, goals: dict[str, Goal], figures: Sequence[Figure]) -> list[list[str]]:
    """Cells of a benchmark's lines; a goal without a figure is a line too."""
    lines = []
    for figure in figures:
        goal = goals.get(figure.name)
        verdict = "" if goal is None else "yes" if goal.reached(figure.value) else "no"
        found = f"{shown(figure.value)} {figure.unit}".strip()
        lines.append([title, figure.name, figure.ours, figure.other, found,
                      "" if goal is None else str(goal), verdict])  # fmt: skip
    names = {figure.name for figure in figures}
    for name, goal in goals.items():
        if name not in names:
            lines.append([title, name, "", "", "not measured", str(goal), "no"])
    return lines


HEAD = ["benchmark", "figure", "ours", "opponent", "found", "goal", "reached"]


def table(lines: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> str:
    """A Markdown table with even columns; a benchmark is named in its first row only."""
    shown = [list(row) for row in lines]
    for before, row in zip(lines, shown[1:], strict=False):
        if row[0] == before[0]:
            row[0] = ""
    widths = [max(len(row[at]) for row in [head, *shown]) for at in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in [head, rule, *shown]
    )
