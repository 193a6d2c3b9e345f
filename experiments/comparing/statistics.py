"""Statistics of paired runs: intervals, multiplicity, chances, trends.

A verdict is read from an interval, never from a p value beside it. Where several outcomes are
judged together, each interval is made at the level that the family leaves it (Bonferroni), so
that all of them hold together with 95 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

LEVEL = 0.05
FEW = 3  # distinct values up to which a sample is counted, not averaged
SAME = 1e-11  # of the largest value: rounding below it is no difference
SKEWED = 1.645  # standard errors of the skewness of a normal sample; a tenth of those lie beyond
DECADES = 0.75  # standard deviation of logarithms from which gaps of one sign have a heavy tail
ENOUGH = 8  # pairs from which logarithms show their own spread
MOST_SUMS = 100_000  # beyond, the distribution of a sum of signs is taken as that of t

Ends = tuple[float, float]


@dataclass(frozen=True)
class Paired:
    """Difference of two paired samples.

    Attributes
    ----------
    n
        Pairs in which both values, and their difference, are defined.
    base, difference, low, high
        Mean of the base, mean difference and its interval; NaN without pairs, and the bounds are
        NaN with fewer than two, or where a value is infinite.
    p
        Two-sided p value that the difference is 0; 1 if no pair differs. It is an exact one of
        the signs where the differences take few values, never below 2^(1 - n) then, and that of
        the paired t test otherwise.
    moved
        Pairs that differ.
    level
        One less the confidence of the interval.
    """

    n: int
    base: float
    difference: float
    low: float
    high: float
    p: float
    moved: int
    level: float = LEVEL

    @property
    def unchanged(self) -> bool:
        """Whether there are pairs, and none of them differs."""
        return self.n > 1 and self.moved == 0

    @property
    def sign(self) -> int:
        """1 where the whole interval is above zero, -1 below; 0 if it holds zero or is none."""
        return int(self.low > 0) - int(self.high < 0)


def paired(base: ArrayLike, other: ArrayLike, level: float = LEVEL, count: bool = False) -> Paired:
    """Compare two samples of equal length, pair by pair; undefined pairs (NaN) drop out.

    The interval is that of the paired t test. It is widened where that one is known to fail:
    where the differences are skewed (Hall 1992), where they have one sign and spread over decades
    (Cox's interval of a lognormal mean), and where few pairs depart from what most of them show
    (limits of Garwood 1936 for departures up and down). `docs/planner.md` has its coverage.

    Parameters
    ----------
    base, other
        Values, one a pair.
    level
        One less the wanted confidence.
    count
        Whether both are counts, so that a pair can differ by one where none has.
    """
    first, second = np.asarray(base, dtype=float), np.asarray(other, dtype=float)
    with np.errstate(invalid="ignore"):
        gap = second - first
    defined = ~np.isnan(gap)
    first, second, gap = first[defined], second[defined], gap[defined]
    n, nothing = int(gap.size), float("nan")
    if n == 0:
        return Paired(0, nothing, nothing, nothing, nothing, nothing, 0, level)
    with np.errstate(invalid="ignore"):
        middle, mean = float(first.mean()), float(gap.mean())
    grain = SAME * float(max(np.abs(first).max(), np.abs(second).max()))
    if n == 1 or not np.isfinite(gap).all():
        moved = int((np.abs(gap) > grain).sum()) if np.isfinite(grain) else n
        return Paired(n, middle, mean, nothing, nothing, nothing, moved, level)
    gap[np.abs(gap) <= grain] = 0.0
    moved = int(np.count_nonzero(gap))
    ends, p = _bounds(gap, level, grain, count)
    return Paired(n, middle, mean, *ends, p, moved, level)


def _bounds(
    gap: NDArray[np.float64], level: float, grain: float, count: bool
) -> tuple[Ends, float]:
    """Interval of the mean, and p value that it is 0."""
    n, mean = gap.size, float(gap.mean())
    values, times = _distinct(gap, grain)
    often = int(times.argmax())
    few = (values.size <= FEW and (count or values.size < n)) or 1 < times[often] >= n / 2
    ends, p = [(mean, mean)], 1.0
    if values.size > 1:
        sd = float(gap.std(ddof=1))
        reach = float(special.stdtrit(n - 1, 1 - level / 2)) / np.sqrt(n)
        ends = [(mean - reach * sd, mean + reach * sd)]
        p = _p_of(mean / sd, n)
        skew = float(((gap - mean) ** 3).mean()) / float(gap.std()) ** 3
        if n > 3 and abs(skew) > SKEWED * np.sqrt(6 * (n - 2) / ((n + 1) * (n + 3))):
            ends.append(_skewed(mean, sd, skew, n, reach))
            # the same transformation, the other way
            p = max(p, _p_of(_unskewed(mean / sd, skew, n), n))
        if n >= ENOUGH and abs(np.sign(gap).sum()) == n:
            logs = np.log(np.abs(gap))
            if logs.std(ddof=1) >= DECADES:
                ends.append(_lognormal(logs, reach, float(np.sign(mean))))
    if few:
        ends.append(_departures(gap, float(values[often]), level, grain, count))
        p = _of_signs(gap, grain, p)
        if p >= level:
            ends.append((0.0, 0.0))
    return (min(low for low, _ in ends), max(high for _, high in ends)), p


def _distinct(
    gap: NDArray[np.float64], grain: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Values that differ by more than rounding, and how often each occurs."""
    ordered = np.sort(gap)
    starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf) > grain)
    return ordered[starts], np.diff(starts, append=gap.size)


def _p_of(ratio: float, n: int) -> float:
    return float(2 * special.stdtr(n - 1, -abs(ratio) * np.sqrt(n)))


def _skewed(mean: float, sd: float, skew: float, n: int, reach: float) -> Ends:
    """Interval by Hall's cubic transformation, which takes the skewness out of the t statistic."""

    def back(x: float) -> float:
        return 3 / skew * (float(np.cbrt(1 + skew * (x - skew / (6 * n)))) - 1)

    return mean - sd * back(reach), mean - sd * back(-reach)


def _unskewed(ratio: float, skew: float, n: int) -> float:
    return ratio + skew * ratio**2 / 3 + skew**2 * ratio**3 / 27 + skew / (6 * n)


def _lognormal(logs: NDArray[np.float64], reach: float, sign: float) -> Ends:
    """Cox's interval of the mean of a lognormal sample, on the side of its sign."""
    n, variance = logs.size, float(logs.var(ddof=1))
    far = reach * np.sqrt(variance + variance**2 * n / (2 * (n + 1)))
    low, high = (float(np.exp(logs.mean() + variance / 2 + end)) for end in (-far, far))
    return (low, high) if sign > 0 else (-high, -low)


def _departures(
    gap: NDArray[np.float64], usual: float, level: float, grain: float, count: bool
) -> Ends:
    """Interval where few pairs depart from the usual gap.

    Departures up and down are counted in steps of the largest one, each with Garwood's limits of
    a Poisson mean, and their difference has the limits of Zou and Donner (2008). Without any, a
    step is one of a count, or as large as the gap itself.
    """
    away = gap - usual
    away[np.abs(away) <= grain] = 0.0
    step = float(np.abs(away).max()) or (max(1.0, grain) if count else abs(usual))
    if step == 0:
        return 0.0, 0.0
    up, down = float(away[away > 0].sum()) / step, float(-away[away < 0].sum()) / step
    (least_up, most_up), (least_down, most_down) = _poisson(up, level), _poisson(down, level)
    low = up - down - np.hypot(up - least_up, most_down - down)
    high = up - down + np.hypot(most_up - up, down - least_down)
    scale = step / gap.size
    return usual + scale * float(low), usual + scale * float(high)


def _poisson(number: float, level: float) -> Ends:
    """Garwood's limits of a Poisson mean."""
    low = float(special.gammaincinv(number, level / 2)) if number > 0 else 0.0
    return low, float(special.gammaincinv(number + 1, 1 - level / 2))


def _of_signs(gap: NDArray[np.float64], grain: float, otherwise: float) -> float:
    """Exact two-sided p value of the sum, if every sign could as well be the other one."""
    sizes, times = _distinct(np.abs(gap[gap != 0]), grain)
    if not sizes.size:
        return 1.0
    if np.prod(times + 1.0) > MOST_SUMS:
        return otherwise
    from scipy.stats import binom  # a quarter of the time that a command takes to start

    sums, chances = np.zeros(1), np.ones(1)
    for size, number in zip(sizes, times, strict=True):
        plus = np.arange(number + 1)
        sums = np.add.outer(sums, size * (2 * plus - number)).ravel()
        chances = np.multiply.outer(chances, binom.pmf(plus, number, 0.5)).ravel()
    far = np.abs(sums) >= abs(float(gap.sum())) - gap.size * grain
    return min(1.0, float(chances[far].sum()))


def fewest_pairs(rows: int) -> int:
    """Pairs from which differences that are alike in all of them can be called clear.

    Parameters
    ----------
    rows
        Outcomes that are judged together, over all scenarios.
    """
    return int(np.floor(1 + np.log2(max(1, rows) / LEVEL))) + 1


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


def confidence(shown: Paired, plain: Paired) -> tuple[str, int]:
    """How sure a difference is, and its sign; ("", 0) if it is not settled.

    Parameters
    ----------
    shown
        With the interval of the family, from which *clearly* is read.
    plain
        With its own 95 % interval, from which *likely* is read.
    """
    if shown.sign:
        return "clearly", shown.sign
    return ("likely", plain.sign) if plain.sign else ("", 0)


def verdict(shown: Paired, plain: Paired, direction: str) -> str:
    """The comparison in words: *clearly* and *likely* as `confidence` has them."""
    if np.isnan(shown.low):
        return "undefined"
    if shown.unchanged:
        return "identical"
    sure, sign = confidence(shown, plain)
    if not sure:
        return "not settled"
    if direction not in ("up", "down"):
        return f"{sure} {'higher' if sign > 0 else 'lower'}"
    return f"{sure} {'better' if (sign > 0) == (direction == 'up') else 'worse'}"


def trend(levels: Sequence[ArrayLike]) -> float:
    """One-sided p value of Page's test that paired values rise from level to level.

    Parameters
    ----------
    levels
        One sample for each level, in the expected order, all over the same seeds.
    """
    from scipy.stats import page_trend_test

    table = np.column_stack([np.asarray(level, dtype=float) for level in levels])
    return float(page_trend_test(table).pvalue)


def detectable(result: Paired, power: float = 0.8) -> float:
    """Smallest true difference that as many such pairs find with this power.

    *Found* means that the interval of `result`, at its level, does not hold zero; NaN without an
    interval.
    """
    if result.n < 2 or np.isnan(result.low):
        return float("nan")
    reach = float(special.stdtrit(result.n - 1, 1 - result.level / 2))
    half = (result.high - result.low) / 2
    return half / reach * (reach + float(special.stdtrit(result.n - 1, power)))


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
    t2 = float(special.stdtrit(n - 1, 1 - LEVEL / 2)) ** 2
    lead = b * b - t2 * float(cov[1, 1])
    if lead <= 0:
        return None
    middle = a * b - t2 * float(cov[0, 1])
    root = float(np.sqrt(max(0.0, middle**2 - lead * (a * a - t2 * float(cov[0, 0])))))
    return a / b, (middle - root) / lead, (middle + root) / lead
