"""Costs: what each instrument costs, and what one unit of success costs.

The measure of success is delivered flow avoided against the base, never seized volume, which
would reward more flow. Ratios of two uncertain means have Fieller's interval. A price is
given only where the rows from which it comes, of success and of cost, are settled by the intervals
that are shown.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.comparing.comparison import Comparison
from tocsin.experiments.comparing.families import PARTS, TOTAL, counts, rows, settled
from tocsin.experiments.comparing.statistics import paired, ratio
from tocsin.simulation.recording.indicators import INDICATORS

MAIN = "delivered"
MEASURES = {"delivered": -1, "networks_dismantled": 1}
COLUMNS = ("scenario", "measure", "effect", "cost", "ratio", "low", "high", "statement", "n")
NONE = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class Plane:
    """Effect and cost of one scenario against the base, one point a seed.

    Attributes
    ----------
    effect
        Delivered flow avoided, in the smallest unit. [R]
    cost
        Added cost in USD. [R]
    middle
        Mean of both.
    ellipse
        Corner points of the 95 % region of the mean. [P, 2]
    """

    scenario: str
    effect: NDArray[np.float64]
    cost: NDArray[np.float64]
    middle: tuple[float, float]
    ellipse: NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """One step up the efficient frontier, from a cheaper scenario to the next one.

    Attributes
    ----------
    scenario, after
        Names of the scenario and of the one below it on the frontier.
    effect, cost
        Delivered flow avoided beyond the one below, in the smallest unit, and its extra cost.
    ratio, low, high
        Extra cost for each further unit (the incremental cost-effectiveness ratio) with its 95 %
        interval; NaN where it is not settled that more is avoided, or what that costs.
    avoids
        Whether it is settled that more is avoided.
    """

    scenario: str
    after: str
    effect: float
    cost: float
    ratio: float
    low: float
    high: float
    avoids: bool


def by_instrument(comparison: Comparison) -> pd.DataFrame:
    """Mean cost of every instrument in USD over the run: a row an instrument, a column a scenario.

    What costs nothing in any scenario is left out; the last row is the total.
    """
    names = [name for name in _parts(comparison) if name != TOTAL]
    columns = {}
    for scenario in comparison.scenarios:
        means = {}
        for name in [*names, TOTAL]:
            values = comparison.values(scenario.name, name)
            means[name] = float(np.nanmean(values)) if np.isfinite(values).any() else 0.0
        columns[scenario.name] = means
    table = pd.DataFrame(columns)
    table.index.name = "instrument"
    spent = (table != 0).any(axis=1)
    spent[TOTAL] = True
    return table.loc[spent]


def _parts(comparison: Comparison) -> list[str]:
    """Names of all costs, those of mechanisms last."""
    names = dict.fromkeys((*INDICATORS, *comparison.outcomes.indicator.unique()))
    return [name for name in names if name.startswith(PARTS)]


def effectiveness(comparison: Comparison) -> pd.DataFrame:
    """Added cost per unit of success: delivered flow avoided, and networks dismantled.

    `statement` is ``costs`` where a ratio can be given, ``saves`` where the scenario has more
    success and costs less, ``no cost`` where it costs the same in every pair, ``cost not settled``
    where it is not settled whether it costs more or less, ``no success`` where it is not settled
    that there is more success. All follow from the intervals of the table; only ``costs`` and
    ``saves`` have a ratio.
    """
    found: list[dict[str, Any]] = []
    for scenario in comparison.others:
        for measure, sign in MEASURES.items():
            effect, cost = _gaps(comparison, scenario.name, measure, sign)
            statement = _statement(comparison, scenario.name, measure, sign)
            priced = statement in ("costs", "saves")
            middle, low, high = price_of(cost, effect, counts(measure)) if priced else NONE
            found.append({
                "scenario": scenario.name, "measure": measure,
                "effect": float(effect.mean()) if effect.size else float("nan"),
                "cost": float(cost.mean()) if cost.size else float("nan"),
                "ratio": middle, "low": low, "high": high, "statement": statement,
                "n": int(effect.size),
            })  # fmt: skip
    return pd.DataFrame(found, columns=list(COLUMNS))


def _statement(comparison: Comparison, name: str, measure: str, sign: int) -> str:
    """What the rows of success and cost say together."""
    success, cost = (comparison.row(name, key) for key in (measure, TOTAL))
    if success is None or sign * settled(success) <= 0:
        return "no success"
    if cost is None or not settled(cost):
        same = cost is not None and cost["verdict"] == "identical"
        return "no cost" if same else "cost not settled"
    return "saves" if settled(cost) < 0 else "costs"


def price_of(
    cost: NDArray[np.float64], effect: NDArray[np.float64], count: bool
) -> tuple[float, float, float]:
    """Cost of one unit of success, with an interval that is no surer than that of the success.

    Fieller's interval supposes that of the t test; where that of the success has to be wider, the
    ends follow it.
    """
    found = ratio(cost, effect)
    if found is None:
        return NONE
    middle, low, high = found
    wide = paired(np.zeros(effect.size), effect, count=count)
    usual = ratio(effect, np.ones(effect.size))
    if usual is not None and wide.low > 0:
        for end, plain in ((wide.low, usual[1]), (wide.high, usual[2])):
            if abs(end - plain) > 1e-9 * abs(plain):
                low, high = min(low, cost.mean() / end), max(high, cost.mean() / end)
    return middle, float(low), float(high)


def against(comparison: Comparison, name: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Delivered flow and cost of every other scenario but the base against one, and how sure.

    By scenario and indicator, the rows of `tocsin.experiments.comparing.families.rows` as one
    family.
    """
    keys = [MAIN, *_parts(comparison)]
    values = {
        one.name: {key: comparison.values(one.name, key) for key in keys}
        for one in comparison.others
    }
    mine = values.pop(name)
    return {
        (row["scenario"], row["indicator"]): row
        for row in rows(mine, values, (MAIN, TOTAL))
        if row["indicator"] in (MAIN, TOTAL)
    }


def _step(comparison: Comparison, name: str, after: str, key: str) -> int:
    """The settled sign of what one scenario adds to another in an outcome; 0 if it is none."""
    base = comparison.base.name
    if base in (name, after):
        row = comparison.row(after if name == base else name, key)
        return 0 if row is None else settled(row) * (-1 if name == base else 1)
    return -settled(against(comparison, name)[after, key])


def plane(comparison: Comparison) -> list[Plane]:
    """The cost-effectiveness plane: effect to the right, added cost upwards."""
    planes = []
    for scenario in comparison.others:
        effect, cost = _gaps(comparison, scenario.name, "delivered", -1)
        if effect.size:
            middle = (float(effect.mean()), float(cost.mean()))
            planes.append(Plane(scenario.name, effect, cost, middle, _ellipse(effect, cost)))
    return planes


def frontier(comparison: Comparison) -> list[Step]:
    """Steps up the efficient frontier: more delivered flow avoided at the lowest extra cost.

    It begins with the cheapest scenario, which may be the base. From each one the next is that
    with the lowest extra cost for each further unit avoided, by the means; scenarios between are
    dominated, simply or by a mixture of their neighbours (Drummond et al. 2015, chapter 5).
    """
    points = {comparison.base.name: (0.0, 0.0)}
    for scenario in comparison.others:
        effect, cost = _gaps(comparison, scenario.name, "delivered", -1)
        if effect.size:
            points[scenario.name] = (float(effect.mean()), float(cost.mean()))
    here = min(points, key=lambda name: (points[name][1], -points[name][0]))
    steps: list[Step] = []
    while True:
        effect, cost = points[here]
        above = {name: (more - effect, dearer - cost) for name, (more, dearer) in points.items()
                 if more > effect}  # fmt: skip
        if not above:
            return steps
        there = min(above, key=lambda name: (above[name][1] / above[name][0], -above[name][0]))
        avoids = _step(comparison, there, here, MAIN) < 0
        prices = NONE
        if avoids and _step(comparison, there, here, TOTAL) > 0:
            cost, effect = (_between(comparison, there, here, key, sign)
                            for key, sign in ((TOTAL, 1), (MAIN, -1)))  # fmt: skip
            prices = price_of(cost, effect, counts(MAIN))
        steps.append(Step(there, here, *above[there], *prices, avoids))
        here = there


def _between(
    comparison: Comparison, name: str, other: str, measure: str, sign: int
) -> NDArray[np.float64]:
    """By how much one scenario is above another in a measure, one a seed where all is defined."""
    mine, theirs = ([comparison.values(one, key) for key in (measure, TOTAL, "delivered")]
                    for one in (name, other))  # fmt: skip
    defined = ~np.isnan(np.array([*mine, *theirs])).any(axis=0)
    return sign * (mine[0] - theirs[0])[defined]


def _gaps(
    comparison: Comparison, name: str, measure: str, sign: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Success and added cost, one a seed in which both are defined."""
    effect, cost = (
        comparison.values(name, key) - comparison.values(comparison.base.name, key)
        for key in (measure, TOTAL)
    )
    defined = ~(np.isnan(effect) | np.isnan(cost))
    return sign * effect[defined], cost[defined]


def _ellipse(
    effect: NDArray[np.float64], cost: NDArray[np.float64], points: int = 48
) -> NDArray[np.float64]:
    """95 % region of the mean of two paired samples, by Hotelling's T squared; [P, 2]."""
    from scipy import stats

    n = effect.size
    middle = np.array([effect.mean(), cost.mean()])
    if n < 3:
        return np.tile(middle, (points, 1))
    size = float(2 * (n - 1) / (n - 2) * stats.f.ppf(0.95, 2, n - 2)) / n
    values, vectors = np.linalg.eigh(np.cov(effect, cost) * size)
    turn = np.linspace(0, 2 * np.pi, points)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    return middle + circle * np.sqrt(np.maximum(values, 0)) @ vectors.T
