"""Statistics of paired runs: intervals, multiplicity, chances, trends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

LEVEL = 0.05


@dataclass(frozen=True)
class Paired:
    """Difference of two paired samples.

    Attributes
    ----------
    n
        Pairs in which both values are defined.
    base, difference, low, high
        Mean of the base, mean difference and its 95 % t interval; NaN without pairs, and the
        bounds are NaN with fewer than two.
    p
        Two-sided p value of the paired t test that the difference is 0; 1 if all pairs are equal.
    """

    n: int
    base: float
    difference: float
    low: float
    high: float
    p: float


def paired(base: ArrayLike, other: ArrayLike) -> Paired:
    """Compare two samples of equal length, pair by pair; undefined pairs (NaN) drop out."""
    first, second = np.asarray(base, dtype=float), np.asarray(other, dtype=float)
    defined = ~(np.isnan(first) | np.isnan(second))
    first, second = first[defined], second[defined]
    n = int(first.size)
    if n == 0:
        return Paired(0, *[float("nan")] * 5)
    gap = second - first
    mean = float(gap.mean())
    if n == 1:
        return Paired(1, float(first.mean()), mean, float("nan"), float("nan"), float("nan"))
    error = float(gap.std(ddof=1) / np.sqrt(n))
    reach = float(stats.t.ppf(1 - LEVEL / 2, n - 1)) * error
    p = 0.0 if mean else 1.0  # for pairs that all differ by the same
    if error > 0:
        p = float(2 * stats.t.sf(abs(mean) / error, n - 1))
    return Paired(n, float(first.mean()), mean, mean - reach, mean + reach, p)


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjusted p values of Holm's step-down procedure; NaN stays NaN and does not count."""
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    counted = np.flatnonzero(~np.isnan(p))
    order = counted[np.argsort(p[counted], kind="stable")]
    factors = np.arange(order.size, 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factors))
    return adjusted


def probability_better(base: ArrayLike, other: ArrayLike, direction: str) -> float | None:
    """Share of pairs in which `other` is better, ties half; None without direction or pairs."""
    if direction not in ("up", "down"):
        return None
    gap = np.asarray(other, dtype=float) - np.asarray(base, dtype=float)
    gap = gap[~np.isnan(gap)] * (1 if direction == "up" else -1)
    return float((gap > 0).mean() + (gap == 0).mean() / 2) if gap.size else None


def verdict(result: Paired, adjusted_p: float, direction: str) -> str:
    """The comparison in words; *clearly* means that the adjusted interval excludes zero."""
    if result.n == 0:
        return "undefined"
    if result.difference == 0 and (result.n == 1 or result.low == result.high):
        return "identical"
    if np.isnan(adjusted_p) or adjusted_p >= LEVEL:
        return "within noise"
    rises = result.difference > 0
    if direction not in ("up", "down"):
        return "clearly higher" if rises else "clearly lower"
    return "clearly better" if rises == (direction == "up") else "clearly worse"


def trend(levels: Sequence[ArrayLike]) -> float:
    """One-sided p value of Page's test that paired values rise from level to level.

    Parameters
    ----------
    levels
        One sample for each level, in the expected order, all over the same seeds.
    """
    table = np.column_stack([np.asarray(level, dtype=float) for level in levels])
    return float(stats.page_trend_test(table).pvalue)


def detectable(half_width: float, n: int, power: float = 0.8) -> float:
    """Smallest true difference that `n` such pairs would have found with this power.

    Parameters
    ----------
    half_width
        Half of the width of the 95 % interval of `paired`.
    n
        Pairs; NaN below two.
    power
        Probability to find it, at a two-sided level of 5 % for one indicator alone.
    """
    if n < 2:
        return float("nan")
    level = float(stats.t.ppf(1 - LEVEL / 2, n - 1))
    return half_width / level * (level + float(stats.t.ppf(power, n - 1)))


def ratio(above: ArrayLike, below: ArrayLike) -> tuple[float, float, float] | None:
    """Ratio of two paired means with its 95 % interval by Fieller's theorem (1954).

    Parameters
    ----------
    above, below
        Samples of equal length, pair by pair, all defined.

    Returns
    -------
    Ratio, lower and upper bound; None if the interval of the mean below holds zero, because then
    no finite interval covers the ratio as often as promised.
    """
    top, bottom = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    n = top.size
    if n < 2:
        return None
    cov = np.cov(top, bottom, ddof=1) / n
    a, b = float(top.mean()), float(bottom.mean())
    t2 = float(stats.t.ppf(1 - LEVEL / 2, n - 1)) ** 2
    lead = b * b - t2 * float(cov[1, 1])
    if lead <= 0:
        return None
    middle = a * b - t2 * float(cov[0, 1])
    root = float(np.sqrt(max(0.0, middle**2 - lead * (a * a - t2 * float(cov[0, 0])))))
    return a / b, (middle - root) / lead, (middle + root) / lead
