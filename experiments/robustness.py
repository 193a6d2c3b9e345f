"""Robustness: does the ranking of scenarios hold in worlds with other assumptions?

A *world* is one draw of all assumptions of the table of parameters. Each assumption is drawn from
the whole span between its bounds, so that the value in force lies in the middle of the draws:
half of the worlds have less, half have more, evenly spread on either side. Draws are a Latin
hypercube. Every scenario runs in every world under the same seeds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from experiments.design import Axis, latin_hypercube
from experiments.discovery import Box
from experiments.flips import corner
from experiments.replications import Replications
from experiments.statistics import holm
from experiments.variants import variant
from simulation.errors import InputError
from simulation.indicators import indicator_of
from simulation.parameters import table
from simulation.scenario import Scenario

WORLDS = 100
BY = "delivered"


@dataclass(frozen=True)
class Robustness:
    """A comparison over worlds.

    Attributes
    ----------
    by
        Indicator that ranks the scenarios.
    scenarios
        Names, the base first.
    worlds
        One row a world, one column an assumption.
    outcomes
        Mean of `by`, one row a world, one column a scenario.
    ranking
        Names from best to worst in the world of the scenario files.
    replications
        Seeds in each world.
    weeks
        Length of the runs.
    idle
        Worlds that were drawn and do not count, because all scenarios came out equal in them:
        with such assumptions there is no trade, or nothing that a lever could act on.
    """

    by: str
    scenarios: tuple[str, ...]
    worlds: pd.DataFrame = field(repr=False)
    outcomes: pd.DataFrame = field(repr=False)
    ranking: tuple[str, ...]
    replications: int
    weeks: int
    idle: int = 0

    @property
    def gain(self) -> pd.DataFrame:
        """How much better than the base each other scenario is, in each world."""
        sign = _sign(self.by)
        base, *others = self.scenarios
        return pd.DataFrame(
            {name: sign * (self.outcomes[name] - self.outcomes[base]) for name in others}
        )

    def better_than_base(self) -> dict[str, float]:
        """Share of the worlds in which each scenario beats the base; ties count half."""
        gain = self.gain.to_numpy()
        shares = (gain > 0).mean(axis=0) + (gain == 0).mean(axis=0) / 2
        return dict(zip(self.scenarios[1:], shares.tolist(), strict=True))

    def best(self) -> dict[str, float]:
        """Share of the worlds in which each scenario is the best; ties are shared."""
        score = self.outcomes.to_numpy() * _sign(self.by)
        top = score == score.max(axis=1, keepdims=True)
        shares = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
        return dict(zip(self.scenarios, shares.tolist(), strict=True))

    def holds(self) -> float:
        """Share of the worlds with the whole ranking of the scenario files."""
        score = self.outcomes[list(self.ranking)].to_numpy() * _sign(self.by)
        return float((np.diff(score, axis=1) <= 0).all(axis=1).mean())

    def regret(self) -> dict[str, float]:
        """Maximum regret: how much worse than the best of its world each scenario can be."""
        score = self.outcomes.to_numpy() * _sign(self.by)
        regret = (score.max(axis=1, keepdims=True) - score).max(axis=0)
        return dict(zip(self.scenarios, regret.tolist(), strict=True))

    @property
    def ahead(self) -> NDArray[np.float64]:
        """How far the best scenario of the scenario files is ahead of the best other one. [W]"""
        score = self.outcomes * _sign(self.by)
        first = self.ranking[0]
        return (score[first] - score.drop(columns=first).max(axis=1)).to_numpy(dtype=float)

    def flips(self) -> NDArray[np.bool_]:
        """Worlds in which the best scenario of the scenario files is not the best. [W]"""
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
        """Assumptions by their rank correlation with the relative gain of the best scenario.

        The best is that of the scenario files, the base left aside. Columns are key, correlation
        and p (adjusted by Holm over all assumptions); the strongest come first.
        """
        leader = next(name for name in self.ranking if name != self.scenarios[0])
        size = self.outcomes[self.scenarios[0]].abs()
        gain = (self.gain[leader] / size.where(size > 0)).fillna(0.0)
        rows: list[dict[str, Any]] = []
        for key in self.worlds.columns:
            correlation, p = stats.spearmanr(self.worlds[key], gain)
            rows.append({"key": key, "correlation": correlation, "p": p})
        result = pd.DataFrame(rows, columns=["key", "correlation", "p"])
        result["p"] = holm(result["p"])
        order = result.correlation.abs().sort_values(ascending=False, kind="stable").index
        return result.loc[order].reset_index(drop=True)


def ranked(means: Mapping[str, float], by: str) -> tuple[str, ...]:
    """Names from best to worst, by their mean of an indicator; equal ones stay as they stand."""
    return tuple(sorted(means, key=lambda name: -_sign(by) * means[name]))


def assumptions(scenario: Scenario) -> list[tuple[str, float, float, float, bool]]:
    """Assumptions that are numbers: key, lowest, value in force, highest, whether whole."""
    found = []
    for row in table():
        if row.kind != "assumption" or "*" in row.key or row.low is None or row.high is None:
            continue
        value = scenario.value(row.key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        found.append((row.key, row.low, value, row.high, row.type == "int"))
    return found


def draw(scenario: Scenario, worlds: int, seed: int = 0) -> pd.DataFrame:
    """Worlds around a scenario: one row a world, one column an assumption."""
    rows = assumptions(scenario)
    shares = latin_hypercube([Axis(key) for key, *_ in rows], worlds, seed)
    columns = {}
    for key, low, value, high, whole in rows:
        share = shares[key].to_numpy()
        below = low + 2 * share * (value - low)
        above = value + (2 * share - 1) * (high - value)
        drawn = np.where(share < 0.5, below, above)
        columns[key] = np.rint(drawn).astype(int) if whole else drawn
    return pd.DataFrame(columns)


def robustness(
    scenarios: Sequence[Scenario],
    worlds: int = WORLDS,
    replications: int = 2,
    by: str = BY,
    seed: int = 0,
    weeks: int | None = None,
    runs: Replications | None = None,
    ranking: Sequence[str] | None = None,
) -> Robustness:
    """Compare scenarios over sampled assumptions.

    Parameters
    ----------
    scenarios
        The base first.
    worlds
        Draws of the assumptions.
    replications
        Seeds in each world, the same in all.
    by
        Indicator that ranks; it needs a direction.
    weeks
        Length of the runs, if it is to differ from the scenarios'.
    ranking
        Names from best to worst in the world of the scenario files, where a comparison with more
        seeds has said it; found out with the seeds of the worlds if not given.

    Raises
    ------
    InputError
        `by` has no direction, or there are fewer than two scenarios, worlds or one replication.
    """
    _sign(by)
    if len(scenarios) < 2 or worlds < 2 or replications < 1:
        raise InputError("robustness: two scenarios, two worlds and one replication or more are "
                         "needed.")  # fmt: skip
    chosen = [one if weeks is None else one.with_length(weeks) for one in scenarios]
    runs = Replications() if runs is None else runs
    seeds = range(seed, seed + replications)
    drawn = draw(chosen[0], worlds, seed)
    points = [{str(key): value for key, value in row.items()} for row in drawn.to_dict("records")]
    moved = [[variant(one, point) for one in chosen] for point in points]
    here = [chosen] if ranking is None else []
    runs.run([one for row in (*here, *moved) for one in row], seeds)

    def means(row: Sequence[Scenario]) -> list[float]:
        return [float(runs.values(one, by, seeds).mean()) for one in row]

    names = [one.name for one in chosen]
    if ranking is None:
        ranking = ranked(dict(zip(names, means(chosen), strict=True)), by)
    outcomes = pd.DataFrame([means(row) for row in moved], columns=names)
    values = outcomes.to_numpy()
    counts = np.flatnonzero(~np.isnan(values).any(axis=1) & (np.ptp(values, axis=1) > 0))
    drawn, outcomes = drawn.take(counts), outcomes.take(counts)
    if not counts.size:
        raise InputError(f"robustness: {by} is the same for all scenarios in all worlds.")
    return Robustness(
        by, tuple(names), drawn.reset_index(drop=True), outcomes.reset_index(drop=True),
        tuple(ranking), replications, chosen[0].parameters.world.weeks, worlds - int(counts.size),
    )  # fmt: skip


def _sign(by: str) -> int:
    direction = indicator_of(by).direction
    if direction == "neither":
        raise InputError(f"robustness by {by}: neither direction is better; name an indicator "
                         "that has one, as delivered.")  # fmt: skip
    return 1 if direction == "up" else -1
