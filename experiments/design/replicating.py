"""How often each point of a study is run: a number, or until a mean is known well."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from tocsin.experiments.design.study import Replications

LEVEL = 0.05


def goals(
    rule: Replications, outcomes: Callable[[], pd.DataFrame], goal: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Replications that each point needs now; depends on the outcomes alone, not on their order.

    Parameters
    ----------
    outcomes
        Gives end values, one row a run; asked only where a stopping rule looks at them.
    goal
        Replications that each point has, all of them done.
    """
    if not rule.indicator:
        return goal
    table = outcomes().pivot(index="point", columns="replication", values=rule.indicator)
    table = table.reindex(index=range(len(goal)), columns=range(rule.at_most)).to_numpy(dtype=float)
    further = goal.copy()
    for point, number in enumerate(goal):
        values = table[point, :number]
        if number < rule.at_most and not known_well(values[~np.isnan(values)], rule.half_width):
            further[point] = min(number + rule.at_least, rule.at_most)
    return further


def lacking(
    rule: Replications, outcomes: Callable[[], pd.DataFrame], state: NDArray[np.int8]
) -> NDArray[np.int64]:
    """How many runs each point lacks now, shape (points,).

    With a stopping rule, those up to the next look at the mean, as far as the runs that are there
    say how many that is.

    Parameters
    ----------
    outcomes
        As for `goals`.
    state
        For each point and replication, 0 if it is not done, shape (points, at_most).
    """
    once = cache(outcomes)
    goal = np.full(len(state), rule.at_least)
    while True:
        wanted = np.arange(state.shape[1]) < goal[:, np.newaxis]
        short = (wanted & (state == 0)).sum(axis=1)
        further = np.where(short == 0, goals(rule, once, goal), goal)
        if (further == goal).all():
            return short
        goal = further


def known_well(values: NDArray[np.float64], half_width: float) -> bool:
    """Whether half of the 95 % interval of the mean is at most this share of the mean."""
    if values.size < 2:
        return False
    error = float(values.std(ddof=1)) / math.sqrt(values.size)
    reach = float(special.stdtrit(values.size - 1, 1 - LEVEL / 2)) * error
    return reach <= half_width * abs(float(values.mean()))
