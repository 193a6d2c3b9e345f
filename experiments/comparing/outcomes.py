"""Outcomes: what kind of values a store has of one outcome, and the sentence that says so.

An outcome of a run is a number, a text, infinite, or undefined. Statistics take what is finite.
A point of which a run is infinite has no finite mean, and is left out of them as a whole; a run
that is undefined only drops out of the mean of its point. What is left out is said.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.comparing.statistics import SAME
from tocsin.experiments.running.store import KEYS, Store
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.recording.quantities import Quantity, plain
from tocsin.simulation.scenario.wording import written

LARGEST = 1e150  # squares of what is larger overflow; such a value counts as infinite
SMALLEST = 1e-150  # squares of smaller differences vanish
FINGERPRINT = "fingerprint"
SHOWN_TEXTS = 5
LONGEST_TEXT = 60


def outcomes(store: Store) -> list[str]:
    """All that the study keeps of each run, but for the fingerprint of the run."""
    return [str(name) for name in store.outcomes().columns
            if name not in (*KEYS, "seed", FINGERPRINT)]  # fmt: skip


def check_outcome(store: Store, name: str) -> None:
    """Raise InputError if the study does not keep such an outcome."""
    known = outcomes(store)
    if name not in known:
        raise InputError(f"indicator {name!r}: not kept by this study; it keeps "
                         f"{', '.join(known)}{nearest(name, known)}.")  # fmt: skip


def numbers(store: Store, name: str) -> NDArray[np.float64]:
    """An outcome of each run: NaN where it is no number, infinite where its square would be."""
    found = [_number(value) for value in store.outcomes()[name].tolist()]
    values = np.array(found, dtype=float)
    values[values > LARGEST], values[values < -LARGEST] = np.inf, -np.inf
    return values


def _number(value: Any) -> float:
    return float("nan") if isinstance(value, str) or value is None else float(value)


def _texts(store: Store, name: str) -> Counter[str]:
    values = [value for value in store.outcomes()[name].tolist() if not pd.isna(value)]
    some = any(isinstance(value, str) for value in values)
    return Counter(str(value) for value in values) if some else Counter()


def alike(values: NDArray[np.float64]) -> bool:
    """Whether finite values differ by no more than rounding, or by too little to be squared."""
    return float(np.ptp(values)) <= max(SMALLEST, SAME * float(np.abs(values).max()))


@dataclass(frozen=True)
class Kind:
    """What a store has of one outcome.

    Attributes
    ----------
    runs, undefined, infinite
        Numbers of runs.
    texts
        Text -> number of runs that gave it; once one run gives a text, numbers count as texts.
    points, held, endless
        Numbers of points: all of the design, those with a finite mean, those with an infinite run.
    low, high
        Smallest and largest finite value of a run; NaN without one.
    spread
        Whether the finite means of points differ.
    """

    runs: int
    undefined: int
    infinite: int
    texts: dict[str, int]
    points: int
    held: int
    endless: int
    low: float
    high: float
    spread: bool

    @property
    def comparable(self) -> bool:
        """Whether points can be compared."""
        return not self.texts and self.held > 1 and self.spread

    @property
    def finite(self) -> int:
        """Number of runs with a finite value."""
        return self.runs - self.undefined - self.infinite - sum(self.texts.values())

    def sentences(self, name: str, quantity: Quantity) -> list[str]:
        """What a reader has to know before the numbers; empty if nothing."""
        if self.texts:
            return self._of_texts(name)
        if not self.finite:
            if self.undefined and self.infinite:
                return [f"{name} is undefined in {self.undefined:,} and infinite in "
                        f"{self.infinite:,} of {self.runs:,} runs, so nothing can be "
                        "computed from it."]  # fmt: skip
            state = "undefined" if self.undefined else "infinite"
            return [f"{name} is {state} in all {self.runs:,} runs, so nothing can be computed from "
                    "it."]  # fmt: skip
        said = []
        if self.undefined:
            empty = self.points - self.held - self.endless
            rest = f", and {_points(empty, self.points)} without any" if empty else ""
            said.append(f"{name} is undefined in {self.undefined:,} of {self.runs:,} runs; means "
                        f"are those of the other runs{rest}.")  # fmt: skip
        if self.infinite:
            said.append(f"{name} is infinite in {self.infinite:,} of {self.runs:,} runs; "
                        f"{_points(self.endless, self.points)} without a finite mean.")  # fmt: skip
        if alike(np.array([self.low, self.high])):
            value = f"{plain(quantity.scale * self.low)} {quantity.unit}".strip()
            said.append(f"{name} is {value} in all {self.finite:,} runs"
                        + (" that have a finite value" if self.finite < self.runs else "")
                        + ", so there is nothing to explain.")  # fmt: skip
        elif self.held == 0:
            said.append("No point has a finite mean, so points cannot be compared.")
        elif self.held == 1:
            said.append("Only one point has a finite mean, so points cannot be compared.")
        elif not self.spread:
            said.append("The means of all points are the same, so there is nothing to explain.")
        return said

    def _of_texts(self, name: str) -> list[str]:
        number = sum(self.texts.values())
        often = Counter(self.texts).most_common(SHOWN_TEXTS)
        listed = ", ".join(f"{_short(text)} in {times:,}" for text, times in often)
        more = len(self.texts) - len(often)
        rest = f", and {more:,} others" if more > 0 else ""
        where = "all" if number == self.runs else f"{number:,} of"
        return [f"{name} is a text in {where} {self.runs:,} runs, so nothing can be computed from "
                f"it: {listed}{rest}."]  # fmt: skip


def kind_of(store: Store, name: str) -> Kind:
    """What kind of values a store has of an outcome.

    Raises
    ------
    InputError
        The study does not keep it.
    """
    check_outcome(store, name)
    values, of = numbers(store, name), store.outcomes()["point"].to_numpy()
    texts = _texts(store, name)
    infinite, defined = np.isinf(values), values[np.isfinite(values)]
    endless = set(of[infinite].tolist())
    whole = np.isfinite(values) & ~np.isin(of, sorted(endless))
    points, place = np.unique(of[whole], return_inverse=True)
    means = np.bincount(place, values[whole]) / np.bincount(place)
    nothing = float("nan")
    undefined = values.size - texts.total() if texts else int(np.isnan(values).sum())
    return Kind(
        runs=values.size, undefined=undefined,
        infinite=0 if texts else int(infinite.sum()), texts=dict(texts), points=len(store.points),
        held=points.size, endless=len(endless),
        low=float(defined.min()) if defined.size else nothing,
        high=float(defined.max()) if defined.size else nothing,
        spread=points.size > 0 and not alike(means),
    )  # fmt: skip


def _points(number: int, of: int) -> str:
    return f"{number:,} of {of:,} points {'is' if number == 1 else 'are'} left out as"


def _short(text: str) -> str:
    return written(text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…")
