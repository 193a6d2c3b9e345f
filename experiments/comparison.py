"""Comparison: scenarios against a base, replication by replication under the same luck."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.engine import run_all
from experiments.statistics import holm, paired, probability_better, verdict
from simulation.errors import InputError
from simulation.indicators import divergence, indicator_of
from simulation.run import run
from simulation.scenario import Scenario, load

COLUMNS = (
    "scenario", "indicator", "base", "difference", "low", "high", "relative",
    "probability_better", "verdict", "n",
)  # fmt: skip
AGAINST_BASE = "displacement_from_base"


@dataclass(frozen=True)
class Outcome:
    """What a comparison keeps of one run."""

    values: dict[str, int | float | None]
    flow: pd.Series


@dataclass(frozen=True)
class Comparison:
    """Paired replications of several scenarios.

    Attributes
    ----------
    scenarios
        The base first.
    seeds
        Seed of each replication.
    table
        One row for each scenario but the base, and each indicator; NaN where undefined.
    outcomes
        End value of every indicator: scenario, seed, indicator, value.
    flow
        Mean amount that passed each border sector in the last 52 weeks: a column a scenario.
    """

    scenarios: tuple[Scenario, ...]
    seeds: tuple[int, ...]
    table: pd.DataFrame = field(repr=False)
    outcomes: pd.DataFrame = field(repr=False)
    flow: pd.DataFrame = field(repr=False)

    def rows(self) -> list[dict[str, Any]]:
        """The table as plain objects; None where undefined."""
        table = self.table.astype(object).where(self.table.notna(), None)
        return table.to_dict(orient="records")


def _outcome(job: tuple[Scenario, int]) -> Outcome:
    scenario, seed = job
    finished = run(scenario, seed=seed, events=False)
    return Outcome(finished.indicators, finished.flow)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    replications: int = 30,
    seed: int = 0,
    weeks: int | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Compare scenarios with the first of them.

    Parameters
    ----------
    scenarios
        Scenarios, names or paths; the first is the base.
    replications
        Pairs; replication k has seed `seed` + k in every scenario.
    weeks
        Length of the runs, if it is to differ from the scenarios'.
    workers
        Processes; all processors by default.
    progress
        Called with the number of finished runs.

    Raises
    ------
    InputError
        Fewer than two scenarios or replications, two of one name, or a broken scenario.
    """
    chosen = [s if isinstance(s, Scenario) else load(s) for s in scenarios]
    _check(chosen, replications, seed, workers)
    if weeks is not None:
        chosen = [scenario.with_length(weeks) for scenario in chosen]
    seeds = tuple(range(seed, seed + replications))
    jobs = [(scenario, one) for scenario in chosen for one in seeds]
    outcomes = run_all(_outcome, jobs, workers, progress)
    by_scenario = {
        scenario.name: outcomes[i * replications : (i + 1) * replications]
        for i, scenario in enumerate(chosen)
    }
    base, *others = by_scenario
    rows = [row for name in others for row in _rows(name, by_scenario[base], by_scenario[name])]
    long = [
        (scenario.name, one, name, value)
        for (scenario, one), outcome in zip(jobs, outcomes, strict=True)
        for name, value in outcome.values.items()
    ]
    return Comparison(
        tuple(chosen),
        seeds,
        pd.DataFrame(rows, columns=list(COLUMNS)),
        pd.DataFrame(long, columns=["scenario", "seed", "indicator", "value"]).astype(
            {"value": "float64"}
        ),
        pd.DataFrame({name: _mean_flow(kept) for name, kept in by_scenario.items()}),
    )


def _mean_flow(outcomes: Sequence[Outcome]) -> pd.Series:
    return pd.concat([outcome.flow for outcome in outcomes], axis=1).mean(axis=1)


def _check(
    scenarios: Sequence[Scenario], replications: int, seed: int, workers: int | None
) -> None:
    if len(scenarios) < 2:
        raise InputError("compare: a base and one other scenario or more are needed.")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"compare: {twice[0]!r} stands there twice; name each scenario once.")
    if replications < 2:
        raise InputError(f"replications = {replications}: an interval needs 2 or more.")
    if seed < 0:
        raise InputError(f"seed = {seed}: not a seed; allowed is a whole number from 0.")
    if workers is not None and workers < 1:
        raise InputError(f"workers = {workers}: allowed is a whole number from 1.")


def _rows(name: str, base: Sequence[Outcome], other: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Rows of the table for one scenario: indicators that both measure."""
    common = [key for key in base[0].values if key in other[0].values]
    values = {key: (_column(base, key), _column(other, key)) for key in common}
    results = {key: paired(*pair) for key, pair in values.items()}
    adjusted = holm([result.p for result in results.values()])
    rows: list[dict[str, Any]] = []
    for (key, result), p in zip(results.items(), adjusted, strict=True):
        direction = indicator_of(key).direction
        chance = probability_better(*values[key], direction)
        rows.append({
            "scenario": name, "indicator": key, "base": result.base,
            "difference": result.difference, "low": result.low, "high": result.high,
            "relative": result.difference / abs(result.base) if result.base else float("nan"),
            "probability_better": float("nan") if chance is None else chance,
            "verdict": verdict(result, p, direction), "n": result.n,
        })  # fmt: skip
    if base[0].flow.index.equals(other[0].flow.index):
        rows.append(_moved(name, base, other))
    return rows


def _column(outcomes: Sequence[Outcome], key: str) -> NDArray[np.float64]:
    return np.array([outcome.values[key] for outcome in outcomes], dtype=float)


def _moved(name: str, base: Sequence[Outcome], other: Sequence[Outcome]) -> dict[str, Any]:
    """How far the flow has moved against the base in the last 52 weeks; base value undefined."""
    pairs = zip(base, other, strict=True)
    moved = np.array([divergence(one.flow, two.flow) for one, two in pairs])
    result = paired(np.zeros(moved.size), moved)
    return {
        "scenario": name, "indicator": AGAINST_BASE, "base": float("nan"),
        "difference": result.difference, "low": result.low, "high": result.high,
        "relative": float("nan"), "probability_better": float("nan"),
        "verdict": "identical" if (moved == 0).all() else "moved", "n": result.n,
    }  # fmt: skip
