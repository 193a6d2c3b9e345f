"""Stopping: how many pairs of runs are enough for an interval of a wanted width.

Pairs are run in batches. An interval that is looked at again and again is narrow sometimes
because its pairs happened to agree, and such an interval covers the truth less often than it
says (Chow and Robbins 1965 show that this fades as the width goes to zero; at usual widths it
has not). So the width has to be reached twice, with a fresh batch in between, and never with
fewer than 20 pairs. `benchmarks/interval_coverage.py` measures what is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from tocsin.experiments.comparing.statistics import LEVEL, paired
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import of_a_run

BATCH = 10
FEWEST = 20
MOST = 400


@dataclass(frozen=True)
class Until:
    """A wanted precision.

    Attributes
    ----------
    indicator
        Name of what is measured.
    half_width
        Half of the interval of the paired difference must not be larger, in the unit of the
        indicator.
    most
        Pairs after which it ends in any case.
    """

    indicator: str
    half_width: float
    most: int = MOST

    def __post_init__(self) -> None:
        of_a_run(self.indicator)
        if not 0 < self.half_width < float("inf"):
            raise InputError(f"until {self.indicator} = {self.half_width}: allowed is a number "
                             "above 0, in the unit of the indicator.")  # fmt: skip
        if self.most < FEWEST:
            raise InputError(f"at most {self.most} pairs: allowed is a whole number from {FEWEST}.")

    @classmethod
    def parse(cls, text: str, most: int = MOST) -> "Until":
        """Read ``interception_rate=0.002``; raises InputError if it is not of that form."""
        name, equals, number = (part.strip() for part in text.partition("="))
        try:
            width = float(number)
        except ValueError:
            width = float("nan")
        if not (name and equals) or width != width:
            raise InputError(f"--until {text}: not of the form INDICATOR=NUMBER; write for example "
                             "--until interception_rate=0.002.")  # fmt: skip
        return cls(name, width, most)

    def met(self, base: ArrayLike, others: Sequence[ArrayLike], level: float = LEVEL) -> bool:
        """Whether the intervals of all differences from the base are narrow enough."""
        results = [paired(base, other, level) for other in others]
        return all((one.high - one.low) / 2 <= self.half_width for one in results)


class Watch:
    """Decides after each batch whether it was the last.

    `level` is that of the interval that will be shown.
    """

    def __init__(self, until: Until, level: float = LEVEL) -> None:
        self.until, self.level = until, level
        self._before = False
        self.reached = False

    def enough(self, base: ArrayLike, others: Sequence[ArrayLike]) -> bool:
        """Whether to stop, given all pairs so far; to be asked once after each batch."""
        pairs = int(np.size(base))
        now = self.until.met(base, others, self.level)
        self.reached = now and self._before and pairs >= FEWEST
        self._before |= now
        return self.reached or pairs >= self.until.most


@dataclass(frozen=True)
class Stopped:
    """How a comparison with a wanted precision ended."""

    until: Until
    reached: bool
    pairs: int

    def sentence(self, written: str) -> str:
        """What to tell people; `written` is the half-width as they read it."""
        if self.reached:
            return (f"{self.pairs} pairs were enough for an interval of {self.until.indicator} "
                    f"of ±{written}.")  # fmt: skip
        return (f"{self.pairs} pairs were not enough for an interval of {self.until.indicator} "
                f"of ±{written}; allow more.")  # fmt: skip

    def described(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        return {"indicator": self.until.indicator, "half_width": self.until.half_width,
                "most": self.until.most, "reached": self.reached, "pairs": self.pairs}  # fmt: skip
