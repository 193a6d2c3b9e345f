"""What a check is, and how it is judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from tocsin.experiments.methods.facts.observing import Observation
from tocsin.experiments.methods.facts.settings import Setting

LEVEL = 0.05

Arms = Mapping[str, Observation]
Vector = NDArray[np.float64]
Verdict = Literal["holds", "fails", "open", "undefined"]


def only(means: Vector) -> float:
    """The single component of a measure."""
    return float(means[0])


def change(means: Vector) -> float:
    """Relative change from the first component to the second."""
    return float(means[1] / means[0] - 1) if means[0] else float("nan")


@dataclass(frozen=True)
class Check:
    """One sentence that the model may contradict.

    Attributes
    ----------
    name, fact
        Name of the check, and of the fact that it belongs to.
    anchor
        What is known, with its source.
    statistic
        What is measured, in words with the unit.
    low, high
        The band, edges excluded; an infinite bound is open.
    chosen
        Defaults that were chosen while somebody looked at the fact: it is *fitted* then. Empty
        means *predicted*.
    settings
        Names of the settings in which the check makes sense.
    arms
        Names of the arms that are run with the same seed.
    measure
        What the arms of one seed give: components of the statistic. [k]
    combine
        The statistic from the mean components over seeds.
    """

    name: str
    fact: str
    anchor: str
    statistic: str
    low: float
    high: float
    chosen: str
    settings: tuple[str, ...]
    arms: tuple[str, ...]
    measure: Callable[[Arms, Setting, int], Sequence[float]]
    combine: Callable[[Vector], float] = only


@dataclass(frozen=True)
class Finding:
    """What a check gave in one setting: estimate, 95 % interval, verdict."""

    value: float
    low: float
    high: float
    seeds: int
    verdict: Verdict


def judge(
    rows: NDArray[np.float64], combine: Callable[[Vector], float], low: float, high: float
) -> Finding:
    """Judge the components of a statistic over seeds [n, k] against a band.

    The interval is that of the jackknife over seeds with Student's t, so that ratios of means
    need no own formula. A check *holds* if the whole interval lies in the band, *fails* if it
    lies outside, and is *open* if it covers an edge. So a statistic whose true value lies at an
    edge is said to hold in 2.5 % of all tables, and to fail in 2.5 %.
    """
    rows = rows[np.isfinite(rows).all(axis=1)]
    n = len(rows)
    if n < 2:
        return Finding(float("nan"), float("nan"), float("nan"), n, "undefined")
    value = combine(rows.mean(axis=0))
    without = (rows.sum(axis=0) - rows) / (n - 1)
    left = np.array([combine(one) for one in without])
    if not (np.isfinite(value) and np.isfinite(left).all()):
        return Finding(float("nan"), float("nan"), float("nan"), n, "undefined")
    error = float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))
    reach = float(stats.t.ppf(1 - LEVEL / 2, n - 1)) * error
    bottom, top = value - reach, value + reach
    verdict: Verdict = "open"
    if low < bottom and top < high:
        verdict = "holds"
    elif top <= low or bottom >= high:
        verdict = "fails"
    return Finding(value, bottom, top, n, verdict)
