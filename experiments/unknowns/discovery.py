"""Scenario discovery: in which corner of a space of parameters does something happen?

The patient rule induction method (PRIM; Friedman and Fisher 1999) as Bryant and Lempert (2010)
use it: a box around the points of interest is made by peeling thin slices off, then chosen for
coverage and density, and restrictions that chance explains are dropped. An outcome may be
replicated: the weight of a point is then the share of its replications that are of interest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc
from tocsin.simulation.errors import InputError

LEVEL = 0.05


@dataclass(frozen=True)
class Box:
    """A corner of the space, as limits on some of its parameters.

    Attributes
    ----------
    limits
        Key -> lowest and highest value inside; parameters that are not named are free.
    coverage
        Share of all that is of interest that lies inside.
    density
        Share of what lies inside that is of interest.
    mass
        Share of all points that lie inside.
    p_values
        Key -> quasi-p-value: how often a cut of that size would find as much by chance. The cut
        was chosen as the best of many, so a small value is needed, not sufficient.
    """

    limits: dict[str, tuple[float, float]]
    coverage: float
    density: float
    mass: float
    p_values: dict[str, float] = field(default_factory=dict)

    def holds(self, inputs: pd.DataFrame) -> NDArray[np.bool_]:
        """Which points lie inside."""
        inside = np.ones(len(inputs), dtype=bool)
        for key, (low, high) in self.limits.items():
            inside &= inputs[key].between(low, high).to_numpy()
        return inside


def prim(
    inputs: pd.DataFrame,
    interesting: ArrayLike,
    *,
    peel: float = 0.05,
    min_mass: float = 0.05,
    boxes: int = 3,
) -> list[Box]:
    """Find boxes in which what is of interest is common, the best first.

    Parameters
    ----------
    inputs
        One row a point, one numeric column a parameter.
    interesting
        For each point whether it is of interest, or in which share of its replications.
    peel
        Share of the points of a box that one slice takes off.
    min_mass
        Smallest share of all points that a box may hold.
    boxes
        At most so many; each is sought among the points that earlier ones leave over.

    Returns
    -------
    Boxes that are denser than the whole space and whose restrictions chance does not explain
    (quasi-p-value below 0.05); none if nothing stands out. Coverage, density and mass
    are relative to all points; in a later box those of earlier ones do not count.

    Raises
    ------
    InputError
        A column is no number, a weight lies outside 0 to 1, or the lengths differ.
    """
    weights = _weights(inputs, interesting)
    _check(inputs, peel, min_mass)
    left = np.ones(len(inputs), dtype=bool)
    found: list[Box] = []
    least = max(2, int(np.ceil(min_mass * len(inputs))))
    while len(found) < boxes and weights[left].sum() > 0 and left.sum() > least:
        box = _best(inputs, weights, left, peel, least)
        if box is None or box.density <= weights.mean():
            break
        found.append(box)
        left &= ~box.holds(inputs)
    return found


def peeling(
    inputs: pd.DataFrame, interesting: ArrayLike, *, peel: float = 0.05, min_mass: float = 0.05
) -> list[Box]:
    """The boxes on the way from all points to the smallest box, the trade-off to choose from."""
    weights = _weights(inputs, interesting)
    _check(inputs, peel, min_mass)
    everywhere = np.ones(len(inputs), dtype=bool)
    if weights.sum() == 0:
        return []
    least = max(2, int(np.ceil(min_mass * len(inputs))))
    return _way(inputs, weights, everywhere, peel, least)


def _best(
    inputs: pd.DataFrame,
    weights: NDArray[np.float64],
    left: NDArray[np.bool_],
    peel: float,
    least: int,
) -> Box | None:
    """The box of the way with the highest harmonic mean of coverage and density, tidied up."""
    limits = dict(max(_way(inputs, weights, left, peel, least), key=_balance).limits)
    while limits:
        chances = {key: _by_chance(inputs, weights, left, limits, key) for key in limits}
        worst = max(chances, key=lambda key: chances[key])
        if chances[worst] < LEVEL:
            return _measured(inputs, weights, left, limits, chances)
        del limits[worst]
    return None


def _balance(box: Box) -> float:
    both = box.coverage + box.density
    return 2 * box.coverage * box.density / both if both else 0.0


def _way(
    inputs: pd.DataFrame,
    weights: NDArray[np.float64],
    left: NDArray[np.bool_],
    peel: float,
    least: int,
) -> list[Box]:
    """Every box from all points that are left to the smallest."""
    table = inputs.to_numpy(dtype=float)
    ends = np.array([table.min(axis=0), table.max(axis=0)])
    way = []
    for span in _spans(table[left], weights[left], peel, least, ends):
        limits = {
            str(key): (float(span[0, n]), float(span[1, n]))
            for n, key in enumerate(inputs.columns)
            if (span[:, n] != ends[:, n]).any()
        }
        way.append(_measured(inputs, weights, left, limits))
    return way


def _spans(
    table: NDArray[np.float64],
    weights: NDArray[np.float64],
    peel: float,
    least: int,
    ends: NDArray[np.float64],
) -> Iterator[NDArray[np.float64]]:
    """Peel until a box would be too small or nothing is gained; then put slices back.

    Boxes are arrays [2, parameters] of lowest and highest values; `ends` is the first.
    """
    span = ends
    yield span
    while True:
        inside = _inside(table, span)
        before = float(weights[inside].mean())
        best, gained = None, 0.0
        for smaller in _slices_off(table[inside], span, peel):
            cut = _inside(table, smaller)
            size = int(cut.sum())
            if size < least:
                continue
            gain = (float(weights[cut].mean()) - before) / float(inside.sum() - size)
            if gain > gained:
                best, gained = smaller, gain
        if best is None:
            return
        span = best
        yield span
        wider = _pasted(table, weights, span, peel, ends)
        if wider is not None:
            yield wider


def _slices_off(
    held: NDArray[np.float64], span: NDArray[np.float64], peel: float
) -> Iterator[NDArray[np.float64]]:
    """Boxes that are smaller by a slice at one end of one parameter; ties go together."""
    for n, column in enumerate(held.T):
        floor, roof = np.quantile(column, [peel, 1 - peel])
        above = column[column >= floor if floor > column.min() else column > column.min()]
        below = column[column <= roof if roof < column.max() else column < column.max()]
        for end, rest in ((0, above), (1, below)):
            if rest.size:
                smaller = span.copy()
                smaller[end, n] = rest.max() if end else rest.min()
                yield smaller


def _pasted(
    table: NDArray[np.float64],
    weights: NDArray[np.float64],
    span: NDArray[np.float64],
    peel: float,
    ends: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """The box with slices put back as long as that raises the density; None if none does."""
    start = span
    while True:
        inside = _inside(table, span)
        best, density = None, float(weights[inside].mean())
        size = max(1, round(peel * inside.sum()))
        for n in range(table.shape[1]):
            column = table[:, n]
            for end in (0, 1):
                free = span.copy()
                free[end, n] = ends[end, n]
                outside = np.sort(column[_inside(table, free) & ~inside])
                if not outside.size:
                    continue
                place = min(size, outside.size) - 1
                wider = span.copy()
                wider[end, n] = outside[place] if end else outside[-1 - place]
                share = float(weights[_inside(table, wider)].mean())
                if share > density:
                    best, density = wider, share
        if best is None:
            return None if span is start else span
        span = best


def _inside(table: NDArray[np.float64], span: NDArray[np.float64]) -> NDArray[np.bool_]:
    return ((table >= span[0]) & (table <= span[1])).all(axis=1)


def _measured(
    inputs: pd.DataFrame,
    weights: NDArray[np.float64],
    left: NDArray[np.bool_],
    limits: dict[str, tuple[float, float]],
    p_values: dict[str, float] | None = None,
) -> Box:
    inside = Box(limits, 0, 0, 0).holds(inputs) & left
    caught, total = float(weights[inside].sum()), float(weights.sum())
    return Box(
        limits,
        coverage=caught / total if total else 0.0,
        density=caught / float(inside.sum()) if inside.any() else 0.0,
        mass=float(inside.mean()),
        p_values=p_values or {},
    )


def _by_chance(
    inputs: pd.DataFrame,
    weights: NDArray[np.float64],
    left: NDArray[np.bool_],
    limits: dict[str, tuple[float, float]],
    key: str,
) -> float:
    """Probability that as much of interest lies inside if `key` did not matter.

    The points inside are trials, the density without this restriction is their chance. The
    weight inside need not be whole, so the binomial tail is written as an incomplete beta
    function; replications of a point are one trial, which errs on the side of caution.
    """
    wider = Box({k: v for k, v in limits.items() if k != key}, 0, 0, 0).holds(inputs) & left
    inside = Box(limits, 0, 0, 0).holds(inputs) & left
    trials, caught = int(inside.sum()), float(weights[inside].sum())
    if caught <= 0 or trials == wider.sum():
        return 1.0
    return float(betainc(caught, trials - caught + 1, float(weights[wider].mean())))


def _weights(inputs: pd.DataFrame, interesting: ArrayLike) -> NDArray[np.float64]:
    weights = np.asarray(interesting, dtype=float)
    if weights.shape != (len(inputs),):
        raise InputError(
            f"discovery: {weights.size} outcomes for {len(inputs)} points; there must be one each."
        )
    if not ((weights >= 0) & (weights <= 1)).all():
        raise InputError("discovery: an outcome is a truth value or a share from 0 to 1.")
    return weights


def _check(inputs: pd.DataFrame, peel: float, min_mass: float) -> None:
    if inputs.empty:
        raise InputError("discovery: there are no points.")
    for key in inputs.columns:
        if not pd.api.types.is_numeric_dtype(inputs[key]):
            raise InputError(f"discovery: {key} is not a number; leave it out or number its words.")
    for name, share in (("peel", peel), ("min_mass", min_mass)):
        if not 0 < share < 1:
            raise InputError(f"{name} = {share}: allowed is a share between 0 and 1.")
