"""Flips: what would have to be true for the best scenario to be no longer the best.

A world has more than a hundred assumptions, and a comparison some sixty worlds: a search for a
corner among all of them at once finds nothing but luck. So a corner is sought among the few
assumptions that go most with how far the best scenario is ahead, and the whole search, choice of
the assumptions included, is made again with the outcomes shuffled among the worlds. A corner is
shown only if at most one in twenty of these searches finds one as good (Davison and Hinkley 1997,
section 4.3, on tests by permutation).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from tocsin.experiments.comparing.statistics import LEVEL
from tocsin.experiments.unknowns.discovery import Box, prim

SHUFFLES = 99
LOOKED_AT = 5
FEWEST = 5
SMALLEST = 0.05


def corner(
    worlds: pd.DataFrame, ahead: NDArray[np.float64], seed: int = 0, shuffles: int = SHUFFLES
) -> tuple[Box, float] | None:
    """The corner of the assumptions in which the best scenario is most often not the best.

    Parameters
    ----------
    worlds
        One row a world, one column an assumption.
    ahead
        How far the best scenario is ahead of the next one, below 0 where it is behind. [W]
    seed, shuffles
        Of the shuffled searches, and their number.

    Returns
    -------
    The corner, and the share of searches that found one as good, itself counted among the
    shuffled ones; None where flips are few, or no corner beats chance.
    """
    box = _corner(worlds, ahead)
    if box is None:
        return None
    chance = _by_chance(worlds, ahead, _worth(box), np.random.default_rng(seed), shuffles)
    return None if chance > LEVEL else (box, chance)


def _corner(inputs: pd.DataFrame, ahead: NDArray[np.float64]) -> Box | None:
    """The best corner among the assumptions that go most with the outcome."""
    flips = ahead < 0
    if min(flips.sum(), (~flips).sum()) < FEWEST:
        return None
    ranks = stats.rankdata(inputs.to_numpy(dtype=float), axis=0)
    ranks -= ranks.mean(axis=0)
    lead = stats.rankdata(ahead)
    length = np.sqrt((ranks**2).sum(axis=0))
    weight = np.divide(np.abs((lead - lead.mean()) @ ranks), length,
                       out=np.zeros(len(length)), where=length > 0)  # fmt: skip
    order = np.argsort(-weight, kind="stable")
    found = [
        box
        for most in range(1, LOOKED_AT + 1)
        for box in prim(
            pd.DataFrame({key: inputs[key] for key in inputs.columns[order[:most]]}), flips,
            boxes=1, min_mass=max(SMALLEST, FEWEST / len(flips)),
        )
    ]  # fmt: skip
    return max(found, key=_worth, default=None)


def _worth(box: Box | None) -> float:
    """Harmonic mean of coverage and density; 0 without a corner."""
    return 0.0 if box is None else 2 * box.coverage * box.density / (box.coverage + box.density)


def _by_chance(
    inputs: pd.DataFrame,
    ahead: NDArray[np.float64],
    worth: float,
    random: np.random.Generator,
    shuffles: int,
) -> float:
    """Share of shuffled searches that find a corner as good; ends as soon as it is clear."""
    as_good = 1
    for _ in range(shuffles):
        as_good += _worth(_corner(inputs, random.permutation(ahead))) >= worth
        if as_good > LEVEL * (shuffles + 1):
            break
    return as_good / (shuffles + 1)
