"""Design: which points of a space of parameters a study visits.

An `Axis` is one dotted key with a range or a list of values. A design is a table with one row a
point and one column a key; it depends on its arguments alone, so the same study always visits
the same points in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.values import bounds, check_value
from tocsin.simulation.scenario.wording import fault, written

MORRIS_LEVELS = 4
STEPS = 5


@dataclass(frozen=True)
class Axis:
    """One dimension of a design.

    Attributes
    ----------
    key
        Dotted key of a parameter; with an own run function, any name.
    low, high
        Ends of the range; both are visited. Without meaning where there are `values`.
    whole
        Whether only whole numbers are meant.
    values
        What may be visited, instead of a range: numbers, words or truth values.
    """

    key: str
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    values: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if self.values:
            if len(set(map(repr, self.values))) < len(self.values):
                raise fault(self.key, self.values, "a value stands there twice", "once is enough")
        elif not self.low < self.high:
            raise InputError(
                f"{self.key}: from {self.low:g} to {self.high:g} is no range; the first end must "
                "be below the second."
            )

    @classmethod
    def of(
        cls,
        key: str,
        low: float | None = None,
        high: float | None = None,
        values: Sequence[Any] = (),
    ) -> "Axis":
        """An axis over a parameter; ends that are not given are the bounds of the table.

        Raises
        ------
        InputError
            There is no such parameter, a value is not allowed, or the parameter is no number and
            no values are given.
        """
        parsed = parse_key(key)
        field = parsed.field
        if values:
            checked = tuple(check_value(parsed.dotted, field, value) for value in values)
            return cls(parsed.dotted, values=checked)
        types = {field.annotation, *get_args(field.annotation)}
        if bool in types:
            return cls(parsed.dotted, values=(False, True))
        words = tuple(word for word in get_args(field.annotation) if isinstance(word, str))
        if words:
            return cls(parsed.dotted, values=words)
        if not types & {int, float}:
            raise InputError(f"{parsed.dotted}: not a number; list the values to be visited.")
        whole = int in types
        ends = []
        for given, bound in zip((low, high), bounds(field), strict=True):
            if given is None and bound is None:
                raise InputError(f"{parsed.dotted}: has no bounds; give both ends of the range.")
            if whole and isinstance(given, float) and given.is_integer():
                given = int(given)
            ends.append(bound if given is None else check_value(parsed.dotted, field, given))
        return cls(parsed.dotted, ends[0], ends[1], whole)

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers, so that they have an order."""
        return all(isinstance(v, int | float) and not isinstance(v, bool) for v in self.values)

    def at(self, share: ArrayLike) -> list[Any]:
        """Values at shares of the way from the lowest (0) to the highest (1).

        Whole numbers and listed values each take an equal part of the way.
        """
        way = np.clip(np.asarray(share, dtype=float), 0.0, 1.0)
        if self.values:
            places = np.minimum((way * len(self.values)).astype(int), len(self.values) - 1)
            return [self.values[place] for place in places]
        if self.whole:
            size = round(self.high - self.low) + 1
            return (int(self.low) + np.minimum((way * size).astype(int), size - 1)).tolist()
        return (self.low + way * (self.high - self.low)).tolist()

    def steps(self, number: int = STEPS) -> list[Any]:
        """The listed values, or so many evenly spaced ones over the range."""
        if self.values:
            return list(self.values)
        spaced = np.linspace(self.low, self.high, number)
        return sorted({round(x) for x in spaced}) if self.whole else spaced.tolist()

    def __str__(self) -> str:
        if self.values:
            return f"{self.key} in {written(self.values)}"
        return f"{self.key} from {self.low:g} to {self.high:g}"


def grid(axes: Sequence[Axis], steps: int = STEPS) -> pd.DataFrame:
    """Every combination of listed values; a range becomes `steps` evenly spaced values."""
    _check(axes)
    if steps < 2:
        raise InputError(f"steps = {steps}: a range needs 2 or more.")
    rows = list(product(*(axis.steps(steps) for axis in axes)))
    return pd.DataFrame(rows, columns=[axis.key for axis in axes])


def latin_hypercube(axes: Sequence[Axis], n: int, seed: int) -> pd.DataFrame:
    """Spread `n` points so that each axis is covered evenly (McKay et al. 1979)."""
    from scipy.stats import qmc

    _check(axes)
    _at_least("points", n, 2)
    return _placed(axes, qmc.LatinHypercube(len(axes), rng=seed).random(n))


def sobol(axes: Sequence[Axis], n: int, seed: int) -> pd.DataFrame:
    """Points for variance-based indices, n x (2 axes + 2) of them (Saltelli 2010).

    `tocsin.experiments.unknowns.sensitivity.sobol_indices` reads the outcomes in this order.

    Raises
    ------
    InputError
        `n` is not a power of two, on which the balance of the sequence rests.
    """
    from SALib.sample import sobol as sampler

    _check(axes)
    _at_least("n", n, 2)
    if n & (n - 1):
        raise InputError(f"n = {n}: a Sobol design needs a power of two, as 64 or 128.")
    return _placed(axes, sampler.sample(problem(axes), n, seed=seed))


def morris(axes: Sequence[Axis], trajectories: int, seed: int) -> pd.DataFrame:
    """Trajectories that move one axis at a time, trajectories x (axes + 1) points (Morris 1991).

    `tocsin.experiments.unknowns.sensitivity.morris_effects` reads the outcomes in this order.
    """
    return _placed(axes, morris_steps(axes, trajectories, seed))


def morris_steps(axes: Sequence[Axis], trajectories: int, seed: int) -> NDArray[np.float64]:
    """The same trajectories as shares of each axis, points in rows."""
    from SALib.sample import morris as sampler

    _check(axes)
    _at_least("trajectories", trajectories, 2)
    return sampler.sample(problem(axes), trajectories, num_levels=MORRIS_LEVELS, seed=seed)


def problem(axes: Sequence[Axis]) -> dict[str, Any]:
    """Axes as SALib describes them: names, and shares of the way as ranges."""
    return {
        "num_vars": len(axes),
        "names": [axis.key for axis in axes],
        "bounds": [[0.0, 1.0]] * len(axes),
    }


def _placed(axes: Sequence[Axis], shares: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame({axis.key: axis.at(shares[:, n]) for n, axis in enumerate(axes)})


def _check(axes: Sequence[Axis]) -> None:
    if not axes:
        raise InputError("a design needs one axis or more.")
    keys = [axis.key for axis in axes]
    for key in keys:
        if keys.count(key) > 1:
            raise InputError(f"{key}: two axes of one key; one is enough.")


def _at_least(name: str, number: int, lowest: int) -> None:
    if isinstance(number, bool) or not isinstance(number, int) or number < lowest:
        raise InputError(f"{name} = {number}: allowed is a whole number from {lowest}.")
