"""Indices: what some indicators compute from vectors of shares, flows and values."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tocsin.simulation.elementary import LN2, log


def divergence(first: ArrayLike, second: ArrayLike) -> float:
    """Jensen-Shannon divergence (base 2) of two non-negative vectors; NaN if one is all 0."""
    p, q = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if p.sum() == 0 or q.sum() == 0:
        return float("nan")
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    parts = [(x[x > 0] * log(x[x > 0] / middle[x > 0])).sum() for x in (p, q)]
    return float(max(0.0, sum(parts) / (2 * LN2)))


def places_of_most(flow: ArrayLike, share: float = 0.8) -> NDArray[np.int64]:
    """Fewest places that together carry `share` of a flow [..., places]; 0 without flow. [...]"""
    ordered = np.sort(np.asarray(flow, dtype=float), axis=-1)[..., ::-1]
    whole = ordered.sum(axis=-1)
    if ordered.shape[-1] == 0:
        return np.zeros(whole.shape, dtype=np.int64)
    enough = np.cumsum(ordered, axis=-1) >= (share * whole - 1e-9)[..., None]
    return np.where(whole > 0, enough.argmax(axis=-1) + 1, 0)


def gini(values: ArrayLike) -> NDArray[np.float64]:
    """Gini coefficient of non-negative values [..., n]; 0 if they are equal, NaN if all are 0."""
    ordered = np.sort(np.asarray(values, dtype=float), axis=-1)
    number, whole = ordered.shape[-1], ordered.sum(axis=-1)
    spread = ((2 * np.arange(1, number + 1) - number - 1) * ordered).sum(axis=-1)
    return ratio(spread, number * whole)


def ratio(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Elementwise ratio, NaN where the whole is 0."""
    whole = np.asarray(whole)
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
