"""Robustness: does the ranking of scenarios hold in worlds with other assumptions?

A *world* is one draw of all assumptions (`tocsin.experiments.unknowns.assumptions`). Worlds are
drawn until the number asked for is *plausible* in the base
(`tocsin.experiments.unknowns.plausibility`); every scenario then runs in each of them under the
same seeds, as long as the answer that is tested. All plausible worlds count, those in which nothing
differs included: ties are counted by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, nan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from tocsin.experiments.comparing.statistics import holm
from tocsin.experiments.design.goods import same_goods
from tocsin.experiments.design.variants import variant
from tocsin.experiments.running.replications import ReplicatedRuns
from tocsin.experiments.unknowns.assumptions import assumptions, draw
from tocsin.experiments.unknowns.discovery import Box
from tocsin.experiments.unknowns.flips import corner
from tocsin.experiments.unknowns.plausibility import BANDS, CONTRADICTION, broken, discarded_words
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.scenario.files import Scenario

WORLDS = 100
MOST = 5  # draws for each world asked for, after which the search for plausible ones ends
BY = "delivered"
COST = "cost_total"


class Counts(NamedTuple):
    """In how many worlds a scenario is better than the base, equal, worse, or cannot be judged."""

    better: int
    equal: int
    worse: int
    undefined: int


class Spread(NamedTuple):
    """Lowest, median and highest value, and the number of worlds in which it is defined."""

    low: float
    middle: float
    high: float
    worlds: int


@dataclass(frozen=True)
class Robustness:
    """A comparison over plausible worlds.

    Attributes
    ----------
    by
        Indicator that ranks the scenarios.
    scenarios
        Names, the base first.
    worlds
        One row a plausible world, one column an assumption.
    outcomes
        Mean of `by`, one row a world, one column a scenario.
    costs
        Mean total cost in USD, in the same form.
    ranking
        Names from best to worst in the world of the scenario files.
    replications
        Seeds in each world.
    weeks
        Length of the runs.
    asked
        How many plausible worlds were wanted; fewer were found where the limit of draws came
        first.
    discarded
        Worlds that were drawn and are not plausible, by the first band that the base broke.
    """

    by: str
    scenarios: tuple[str, ...]
    worlds: pd.DataFrame = field(repr=False)
    outcomes: pd.DataFrame = field(repr=False)
    costs: pd.DataFrame = field(repr=False)
    ranking: tuple[str, ...]
    replications: int
    weeks: int
    asked: int
    discarded: dict[str, int]

    @property
    def drawn(self) -> int:
        """All worlds that were drawn: the plausible and the discarded ones."""
        return len(self.worlds) + sum(self.discarded.values())

    @property
    def short(self) -> str:
        """A sentence where the limit of draws was reached; empty where it was not."""
        if len(self.worlds) >= self.asked:
            return ""
        return (f"Only {len(self.worlds)} of the {self.asked} plausible worlds asked for were "
                f"found in {self.drawn} draws, the limit; discarded were "
                f"{discarded_words(self.discarded)}.")  # fmt: skip

    @property
    def gain(self) -> pd.DataFrame:
        """How much better than the base each other scenario is, in each world."""
        sign = _sign(self.by)
        base, *others = self.scenarios
        return pd.DataFrame(
            {name: sign * (self.outcomes[name] - self.outcomes[base]) for name in others}
        )

    def against_base(self) -> dict[str, Counts]:
        """For each other scenario, in how many worlds it is better than the base, and so on."""
        found = {}
        for name, gain in self.gain.items():
            better, equal, worse = (gain > 0).sum(), (gain == 0).sum(), (gain < 0).sum()
            undefined = len(gain) - better - equal - worse
            found[str(name)] = Counts(*map(int, (better, equal, worse, undefined)))
        return found

    def first(self) -> dict[str, tuple[int, int]]:
        """For each scenario, in how many worlds it alone comes first, and in how many it ties."""
        score = self.outcomes.to_numpy() * _sign(self.by)
        top = score == np.nanmax(score, axis=1, keepdims=True)
        alone = top & (top.sum(axis=1, keepdims=True) == 1)
        counts = zip(alone.sum(axis=0).tolist(), (top & ~alone).sum(axis=0).tolist(), strict=True)
        return dict(zip(self.scenarios, counts, strict=True))

    def holds(self) -> tuple[int, int]:
        """In how many worlds the whole ranking holds, and in how many it does but for ties."""
        steps = np.diff(self.outcomes[list(self.ranking)].to_numpy() * _sign(self.by), axis=1)
        strict = (steps < 0).all(axis=1)
        return int(strict.sum()), int(((steps <= 0).all(axis=1) & ~strict).sum())

    def regret(self) -> dict[str, float]:
        """Maximum regret: how much worse than the best of its world each scenario can be."""
        score = self.outcomes.to_numpy() * _sign(self.by)
        regret = np.nanmax(np.nanmax(score, axis=1, keepdims=True) - score, axis=0)
        return dict(zip(self.scenarios, regret.tolist(), strict=True))

    def relative_gain(self, name: str) -> Spread:
        """Gain of a scenario relative to the base, over the worlds in which both are defined."""
        base = self.outcomes[self.scenarios[0]].abs()
        return _spread((self.gain[name] / base.where(base > 0)).to_numpy(dtype=float))

    @property
    def unit_costs(self) -> pd.DataFrame:
        """Extra cost in USD for each unit gained; NaN where a scenario gains nothing."""
        base = self.scenarios[0]
        return pd.DataFrame({
            name: (self.costs[name] - self.costs[base]) / gain.where(gain > 0)
            for name, gain in self.gain.items()
        })  # fmt: skip

    def unit_cost(self, name: str) -> Spread:
        """Extra cost for each unit gained, over the worlds in which the scenario gains."""
        return _spread(self.unit_costs[name].to_numpy(dtype=float))

    def cheapest(self) -> dict[str, int]:
        """In how many worlds each scenario is the cheapest for each unit gained.

        Where some gain and cost no more than the base, it is the one of them that gains most.
        """
        costs, gain = self.unit_costs.to_numpy(dtype=float), self.gain.to_numpy(dtype=float)
        saves = costs <= 0
        worth = np.where(np.isnan(costs), inf, np.where(saves, -inf, costs))
        worth = np.where(saves.any(axis=1, keepdims=True), np.where(saves, -gain, inf), worth)
        won = worth.argmin(axis=1)[np.isfinite(worth).any(axis=1)]
        counts = np.bincount(won, minlength=gain.shape[1]).tolist()
        return dict(zip(self.scenarios[1:], counts, strict=True))

    @property
    def ahead(self) -> NDArray[np.float64]:
        """How far the first scenario of the scenario files is ahead of the best other one. [W]"""
        score = self.outcomes * _sign(self.by)
        first = self.ranking[0]
        return (score[first] - score.drop(columns=first).max(axis=1)).to_numpy(dtype=float)

    def flips(self) -> NDArray[np.bool_]:
        """Worlds in which another scenario is ahead of the first of the scenario files. [W]"""
        return self.ahead < 0

    @cached_property
    def corner(self) -> tuple[Box, float] | None:
        """What would have to be true for it to flip, and the chance of a corner as good.

        None where flips are few or scattered. How far one is ahead is taken relative to the base.
        """
        size = self.outcomes[self.scenarios[0]].abs().to_numpy(dtype=float)
        return corner(self.worlds, self.ahead / np.where(size > 0, size, 1.0))

    def at_most(self) -> float:
        """Upper end of the 95 % interval (Clopper and Pearson) of the share of flips."""
        flips = self.flips()
        count, n = int(flips.sum()), flips.size
        return 1.0 if count == n else float(stats.beta.ppf(0.975, count + 1, n - count))

    def matters(self) -> pd.DataFrame:
        """Assumptions by their rank correlation with the relative gain of the first scenario.

        The first is that of the scenario files, the base left aside. Columns are key, correlation
        and p (adjusted by Holm over all assumptions); the strongest come first.
        """
        leader = next(name for name in self.ranking if name != self.scenarios[0])
        size = self.outcomes[self.scenarios[0]].abs()
        gain = (self.gain[leader] / size.where(size > 0)).fillna(0.0).to_numpy(dtype=float)
        rows: list[dict[str, Any]] = []
        for key in self.worlds.columns if np.ptp(gain) > 0 else ():
            correlation, p = stats.spearmanr(self.worlds[key], gain)
            rows.append({"key": key, "correlation": correlation, "p": p})
        result = pd.DataFrame(rows, columns=["key", "correlation", "p"])
        result["p"] = holm(result["p"])
        order = result.correlation.abs().sort_values(ascending=False, kind="stable").index
        return result.loc[order].reset_index(drop=True)


def ranked(means: Mapping[str, float], by: str) -> tuple[str, ...]:
    """Names from best to worst, by their mean of an indicator; equal ones stay as they stand."""
    return tuple(sorted(means, key=lambda name: -_sign(by) * means[name]))


def robustness(
    scenarios: Sequence[Scenario],
    worlds: int = WORLDS,
    replications: int = 2,
    by: str = BY,
    seed: int = 0,
    runs: ReplicatedRuns | None = None,
    ranking: Sequence[str] | None = None,
) -> Robustness:
    """Compare scenarios over sampled assumptions, over the weeks of the scenarios.

    Parameters
    ----------
    scenarios
        The base first.
    worlds
        Plausible worlds that are wanted; at most `MOST` times as many are drawn.
    replications
        Seeds in each world, the same in all.
    by
        Indicator that ranks; it needs a direction.
    ranking
        Names from best to worst in the world of the scenario files, where a comparison with more
        seeds has said it; found out with the seeds of the worlds if not given.

    Raises
    ------
    InputError
        `by` has no direction, there are fewer than two scenarios, worlds or one replication, the
        headline commodities differ, or no drawn world is plausible.
    """
    _sign(by)
    if len(scenarios) < 2 or worlds < 2 or replications < 1:
        raise InputError("robustness: two scenarios, two worlds and one replication or more are "
                         "needed.")  # fmt: skip
    same_goods(scenarios, "robustness")
    runs = ReplicatedRuns() if runs is None else runs
    seeds = range(seed, seed + replications)

    def mean(one: Scenario, indicator: str) -> float:
        return float(runs.values(one, indicator, seeds).mean())

    drawn, moved, discarded = _plausible(scenarios, worlds, seed, seeds, runs)
    if not moved:
        raise InputError(f"robustness: none of {sum(discarded.values())} drawn worlds is "
                         f"plausible; discarded were {discarded_words(discarded)}.")  # fmt: skip
    here = [scenarios] if ranking is None else []
    runs.run([one for row in (*here, *moved) for one in row], seeds)
    names = [one.name for one in scenarios]
    if ranking is None:
        ranking = ranked({one.name: mean(one, by) for one in scenarios}, by)
    outcomes, costs = (
        pd.DataFrame([[mean(one, indicator) for one in row] for row in moved], columns=names)
        for indicator in (by, COST)
    )
    return Robustness(
        by, tuple(names), drawn, outcomes, costs, tuple(ranking), replications,
        scenarios[0].parameters.world.weeks, worlds, discarded,
    )  # fmt: skip


def _plausible(
    scenarios: Sequence[Scenario],
    wanted: int,
    seed: int,
    seeds: Sequence[int],
    runs: ReplicatedRuns,
) -> tuple[pd.DataFrame, list[list[Scenario]], dict[str, int]]:
    """The first worlds of the sequence of draws that are plausible in the base.

    No more are drawn than are still wanted, so every draw is judged and counted.

    Returns
    -------
    The worlds, the scenarios in each of them, and the discarded ones by what broke them.
    """
    rows = assumptions(scenarios[0], scenarios[1:])
    discarded = dict.fromkeys((*(band.name for band in BANDS), CONTRADICTION), 0)
    kept: list[pd.DataFrame] = []
    moved: list[list[Scenario]] = []
    start = 0
    while len(moved) < wanted and start < MOST * wanted:
        size = min(wanted - len(moved), MOST * wanted - start)
        drawn = draw(rows, size, seed, start)
        start += size
        whole: list[list[Scenario] | None] = []
        for row in drawn.to_dict("records"):
            point = {str(key): value for key, value in row.items()}
            try:
                whole.append([variant(one, point) for one in scenarios])
            except InputError:
                whole.append(None)
        runs.run([row[0] for row in whole if row is not None], seeds)
        fit = []
        for place, row in enumerate(whole):
            wrong = CONTRADICTION if row is None else _judged(row[0], seeds, runs)
            if row is None or wrong is not None:
                discarded[str(wrong)] += 1
                continue
            fit.append(place)
            moved.append(row)
        kept.append(drawn.take(fit))
    return pd.concat(kept, ignore_index=True), moved, discarded


def _judged(base: Scenario, seeds: Sequence[int], runs: ReplicatedRuns) -> str | None:
    """The first band that the base breaks; an undefined value of one seed breaks it."""
    names = [band.indicator for band in BANDS]
    return broken({name: float(runs.values(base, name, seeds).mean()) for name in names})


def _spread(values: NDArray[np.float64]) -> Spread:
    known = values[np.isfinite(values)]
    if not known.size:
        return Spread(nan, nan, nan, 0)
    return Spread(float(known.min()), float(np.median(known)), float(known.max()), known.size)


def _sign(by: str) -> int:
    direction = indicator_of(by).direction
    if direction == "neither":
        raise InputError(f"robustness by {by}: neither direction is better; name an indicator "
                         "that has one, as delivered.")  # fmt: skip
    return 1 if direction == "up" else -1
