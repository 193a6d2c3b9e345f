"""Comparison: scenarios against a base, replication by replication under the same luck."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.comparing.families import (
    AGAINST_BASE,
    COLUMNS,
    SET,
    primary_of,
    repeats,
    row_of_movement,
    rows,
)
from tocsin.experiments.comparing.statistics import LEVEL, paired
from tocsin.experiments.comparing.stopping import BATCH, Stopped, Until, Watch
from tocsin.experiments.design.goods import same_goods
from tocsin.experiments.running.provenance import versions
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.errors import InputError
from tocsin.simulation.mechanism import Mechanism
from tocsin.simulation.recording.indicators import HEADLINES, indicator_of, label_of
from tocsin.simulation.recording.indices import divergence
from tocsin.simulation.recording.notebooks import view
from tocsin.simulation.recording.quantities import Quantity, good_of
from tocsin.simulation.recording.record import Record
from tocsin.simulation.run import check_seed, run
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.state import FINGERPRINT_FORMAT

BANDS = ("scenario", "indicator", "week", "base", "difference", "low", "high", "n")
PERIOD = 13


@dataclass(frozen=True)
class Outcome:
    """What a comparison keeps of one run.

    Attributes
    ----------
    values
        End value of every indicator.
    flow
        Amount that passed each border sector in the last 52 weeks.
    officers
        Officers at each border sector, mean of the last 52 weeks.
    path
        Headline indicators by period of 13 weeks, float64[periods, headlines]: their values
        over it (`Record.over`); counts of what is rare so far.
    weeks, fingerprint
        Length of the run, and what proves that it was repeated.
    """

    values: dict[str, int | float | None]
    flow: pd.Series
    officers: pd.Series
    path: NDArray[np.float64]
    weeks: int
    fingerprint: str


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
        One row for each scenario but the base, and each indicator; NaN where undefined. The
        interval of a primary outcome is that of the family, with the confidence that stands
        beside it; that of an exploratory one is a plain 95 % interval.
    outcomes
        End value of every indicator: scenario, seed, indicator, value.
    flow
        Mean amount that passed each border sector in the last 52 weeks: a column a scenario.
    flows
        The same for every run: scenario, seed, then a column a sector.
    officers
        Officers at each border sector, mean of those 52 weeks, in the same form.
    bands
        Differences over time of the headline indicators with 95 % intervals: one row for each
        scenario but the base, indicator and period; `week` is the last one of the period.
    fingerprints
        One SHA-256 a scenario, over the fingerprints of its runs in the order of the seeds.
    stopped
        How it ended, if a precision was wanted.
    primary
        Names of the outcomes that are judged; all others are exploratory.
    fingerprint_format
        Of the fingerprints; those of two formats never agree.
    versions
        Of code, Python and packages that made the runs.
    """

    scenarios: tuple[Scenario, ...]
    seeds: tuple[int, ...]
    table: pd.DataFrame
    outcomes: pd.DataFrame
    flow: pd.DataFrame
    flows: pd.DataFrame
    officers: pd.DataFrame
    bands: pd.DataFrame
    fingerprints: dict[str, str]
    stopped: Stopped | None = None
    primary: tuple[str, ...] = HEADLINES
    fingerprint_format: int = FINGERPRINT_FORMAT
    versions: dict[str, str] = field(default_factory=versions)

    def __repr__(self) -> str:
        others = ", ".join(one.name for one in self.others)
        return f"<Comparison of {others} with {self.base.name}: {len(self.seeds)} pairs of runs>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the primary outcomes of each scenario against the base."""
        rows = [
            (one.title, *_cells(row, self.base))
            for one in self.others for row in self.telling(one.name)
            if row["indicator"] in self.primary
        ]  # fmt: skip
        return view(f"Against {self.base.title} ({self.base.name})",
                    f"{len(self.seeds)} pairs of runs; the interval is that of the change.",
                    ("scenario", "indicator", "base", "change", "interval", "verdict"),
                    rows)  # fmt: skip

    @property
    def base(self) -> Scenario:
        """The scenario that the others are compared with."""
        return self.scenarios[0]

    @property
    def others(self) -> tuple[Scenario, ...]:
        """All scenarios but the base."""
        return self.scenarios[1:]

    def scenario(self, name: str) -> Scenario:
        """A scenario of this comparison by its name."""
        return next(one for one in self.scenarios if one.name == name)

    def rows(self) -> list[dict[str, Any]]:
        """The table as plain objects; None where undefined."""
        table = self.table.astype(object).where(self.table.notna(), None)
        return table.to_dict(orient="records")

    def row(self, scenario: str, indicator: str) -> dict[str, Any] | None:
        """One row of the table; None if not both scenarios measure it."""
        at = self._places.get((scenario, indicator))
        return None if at is None else self.table.iloc[at].to_dict()

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        """Where the row of a scenario and indicator stands."""
        pairs = zip(self.table.scenario, self.table.indicator, strict=True)
        return {pair: at for at, pair in enumerate(pairs)}

    def telling(self, scenario: str) -> list[dict[str, Any]]:
        """Rows of one scenario that say something, the primary ones first.

        Exploratory rows that are undefined, that no pair changed, or that repeat another one (as
        of the only commodity) are left out.
        """
        rows = {row["indicator"]: row for row in self.rows() if row["scenario"] == scenario}
        first = [rows[key] for key in self.primary if key in rows]
        rest = [
            row
            for key, row in rows.items()
            if key not in self.primary
            and row["verdict"] not in ("identical", "undefined")
            and not self._repeats(scenario, key)
        ]
        return first + rest

    def _repeats(self, scenario: str, key: str) -> bool:
        plain = key.partition("[")[0]
        if plain in (key, AGAINST_BASE) or self.row(scenario, plain) is None:
            return False
        base, other = (
            {name: self.values(of, name) for name in (plain, key)}
            for of in (self.base.name, scenario)
        )
        return repeats(base, {scenario: other}, (scenario, key), (scenario, plain))

    def values(self, scenario: str, indicator: str) -> NDArray[np.float64]:
        """End values of one scenario, one a seed; NaN where undefined."""
        kept = self._ends.get((scenario, indicator))
        return np.full(len(self.seeds), np.nan) if kept is None else kept.copy()

    @cached_property
    def _ends(self) -> dict[tuple[str, str], NDArray[np.float64]]:
        """The end values of all scenarios and indicators, one a seed each."""
        wide = self.outcomes.pivot(index="seed", columns=["scenario", "indicator"], values="value")
        values = wide.reindex(list(self.seeds)).to_numpy(dtype=float)
        return dict(zip(wide.columns, values.T, strict=True))

    def known(self) -> dict[tuple[str, int], dict[str, float | None]]:
        """End values by digest of the scenario and seed, for those who need more runs."""
        digests = {scenario.name: scenario.digest for scenario in self.scenarios}
        known: dict[tuple[str, int], dict[str, float | None]] = {}
        of = self.outcomes
        for name, seed, key, value in zip(
            of.scenario, of.seed, of.indicator, of.value, strict=True
        ):
            end = None if np.isnan(value) else float(value)
            known.setdefault((digests[name], int(seed)), {})[key] = end
        return known


def _cells(row: Mapping[str, Any], base: Scenario) -> tuple[str, ...]:
    """Label, base, change, interval and verdict of a row of the table, for people."""
    name = row["indicator"]
    unit = Quantity.of(name, base, abs(row["base"] or 0))
    interval = "exact" if row["verdict"] == SET else unit.interval(row["low"], row["high"])
    change = unit.difference(row["difference"])
    return label_of(name), unit.level(row["base"]), change, interval, str(row["verdict"])


def _outcome(job: tuple[Scenario, int]) -> Outcome:
    scenario, seed = job
    finished = run(scenario, seed=seed, events=False)
    model = finished.model
    world = model.world
    sectors = world.sectors
    density = scenario.parameters.detection.reference_density
    officers = world.patrols.usual_effort() * sectors.length_km * density
    path = _by_period(model.record)
    standing = pd.Series(officers, index=finished.flow.index)
    return Outcome(finished.indicators, finished.flow, standing, path, finished.weeks,
                   finished.fingerprint)  # fmt: skip


def _by_period(record: Record) -> NDArray[np.float64]:
    """Headline indicators by periods of 13 weeks; a rest at the end is left out, unless it is all.

    Counts of what is rare are summed up from the start. [periods, headlines]
    """
    length = min(PERIOD, record.weeks)
    ends = range(length, record.weeks + 1, length)
    found = record.over([(end - length + 1, end) for end in ends], HEADLINES)
    values = np.array([[nan if one[name] is None else one[name] for name in HEADLINES]
                       for one in found], dtype=float)  # fmt: skip
    rare = [so_far(name) for name in HEADLINES]
    values[:, rare] = np.cumsum(values[:, rare], axis=0)
    return values


def so_far(name: str) -> bool:
    """Whether the path of an indicator is what has come together so far: counts of what is rare."""
    one = indicator_of(name)
    return one.kind == "number" and one.ending == "total"


def compare(
    scenarios: Sequence[Scenario | str | Path],
    replications: int = 30,
    seed: int = 0,
    weeks: int | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    until: Until | None = None,
    primary: Sequence[str] | None = None,
    different_maps: bool = False,
    mechanisms: Sequence[type[Mechanism]] = (),
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
    until
        A wanted precision; pairs are then run in batches until it is reached, whatever
        `replications` says.
    primary
        Names of the outcomes that are judged; by default those that a scenario declares, or
        `tocsin.simulation.recording.indicators.HEADLINES`. All others are exploratory.
    different_maps
        Whether scenarios may have other maps than the base.
    mechanisms
        Mechanisms from outside that all scenarios have, beside those that their files name.

    Raises
    ------
    InputError
        Fewer than two scenarios or replications, two of one name or on different maps, scenarios
        with different headline commodities, a primary outcome that is not measured, or a broken
        scenario.
    """
    chosen = [s if isinstance(s, Scenario) else load(s) for s in scenarios]
    if mechanisms:
        chosen = [scenario.with_mechanisms(mechanisms) for scenario in chosen]
    check_wishes(chosen, replications, seed, workers)
    if not different_maps:
        one_map(chosen)
    judged = primary_of(chosen, primary)
    if weeks is not None:
        chosen = [scenario.with_length(weeks) for scenario in chosen]
    runs: dict[str, list[Outcome]] = {scenario.name: [] for scenario in chosen}
    if until is None:
        _add(runs, chosen, range(seed, seed + replications), workers, progress)
        return _compared(chosen, seed, runs, None, judged)
    family = len(judged) * (len(chosen) - 1) if until.indicator in judged else 1
    watch = Watch(until, LEVEL / family)
    while True:
        done = len(runs[chosen[0].name])
        size = min(BATCH, until.most - done)
        _add(runs, chosen, range(seed + done, seed + done + size), workers, progress)
        columns = [_column(outcomes, until.indicator) for outcomes in runs.values()]
        if watch.enough(columns[0], columns[1:]):
            break
    stopped = Stopped(until, watch.reached, len(runs[chosen[0].name]))
    return _compared(chosen, seed, runs, stopped, judged)


def _add(
    runs: dict[str, list[Outcome]],
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    workers: int | None,
    progress: Callable[[int], None] | None,
) -> None:
    """Run every scenario with these seeds too."""
    before = sum(len(outcomes) for outcomes in runs.values())
    jobs = [(scenario, one) for scenario in scenarios for one in seeds]
    heard = None if progress is None else (lambda done: progress(before + done))
    outcomes = run_all(_outcome, jobs, workers, heard)
    for (scenario, _), outcome in zip(jobs, outcomes, strict=True):
        runs[scenario.name].append(outcome)


def _compared(
    scenarios: Sequence[Scenario],
    seed: int,
    runs: Mapping[str, Sequence[Outcome]],
    stopped: Stopped | None,
    primary: tuple[str, ...],
) -> Comparison:
    base, *others = runs
    seeds = tuple(range(seed, seed + len(runs[base])))
    each = [
        (name, one, outcome)
        for name, outcomes in runs.items()
        for one, outcome in zip(seeds, outcomes, strict=True)
    ]
    long = [
        (name, one, key, value)
        for name, one, outcome in each
        for key, value in outcome.values.items()
    ]
    flows, officers = (
        pd.concat(
            [
                pd.DataFrame({"scenario": [name for name, *_ in each],
                              "seed": [one for _, one, _ in each]}),
                pd.DataFrame([getattr(outcome, what) for *_, outcome in each]).reset_index(
                    drop=True
                ),
            ],
            axis=1,
        )
        for what in ("flow", "officers")
    )  # fmt: skip
    return Comparison(
        tuple(scenarios),
        seeds,
        pd.DataFrame(_rows(scenarios, runs, primary), columns=list(COLUMNS)),
        pd.DataFrame(long, columns=["scenario", "seed", "indicator", "value"]).astype(
            {"value": "float64"}
        ),
        pd.DataFrame({name: _mean_flow(outcomes) for name, outcomes in runs.items()}),
        flows,
        officers,
        pd.DataFrame(
            [row for name in others for row in _bands(name, runs[base], runs[name])],
            columns=list(BANDS),
        ),
        {
            name: hashlib.sha256("".join(one.fingerprint for one in outcomes).encode()).hexdigest()
            for name, outcomes in runs.items()
        },
        stopped,
        primary,
    )


def _bands(
    name: str, base: Sequence[Outcome], other: Sequence[Outcome]
) -> list[tuple[str, str, int, float, float, float, float, int]]:
    """Differences over time, as far as the shorter of both runs."""
    rows = []
    weeks = base[0].weeks
    for column, key in enumerate(HEADLINES):
        periods = min(base[0].path.shape[0], other[0].path.shape[0])
        for period in range(periods):
            first = [one.path[period, column] for one in base]
            second = [one.path[period, column] for one in other]
            result = paired(first, second)
            week = min((period + 1) * PERIOD, weeks)
            rows.append((name, key, week, result.base, result.difference, result.low,
                         result.high, result.n))  # fmt: skip
    return rows


def _mean_flow(outcomes: Sequence[Outcome]) -> pd.Series:
    return pd.concat([outcome.flow for outcome in outcomes], axis=1).mean(axis=1)


def check_wishes(
    scenarios: Sequence[Scenario], replications: int, seed: int, workers: int | None
) -> None:
    """Raise InputError if these scenarios cannot be compared so."""
    if len(scenarios) < 2:
        raise InputError("compare: a base and one other scenario or more are needed.")
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"compare: {twice[0]!r} stands there twice; name each scenario once.")
    same_goods(scenarios)
    if replications < 2:
        raise InputError(f"replications = {replications}: an interval needs 2 or more.")
    check_seed(seed)
    if workers is not None and workers < 1:
        raise InputError(f"workers = {workers}: allowed is a whole number from 1.")


def one_map(scenarios: Sequence[Scenario]) -> None:
    """Raise InputError if a scenario has another map than the first."""
    base = scenarios[0]
    for other in scenarios[1:]:
        if other.grid.digest != base.grid.digest:
            raise InputError(f"compare: {base.name} and {other.name} have different maps, so a "
                             "difference is not one of policy; ask for it with --different-maps, "
                             "or with different_maps=True in Python.")  # fmt: skip


def _rows(
    scenarios: Sequence[Scenario], runs: Mapping[str, Sequence[Outcome]], primary: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    """Rows of the table, scenario by scenario: indicators that both measure, and movement.

    The price at a market where the base sells one thing and the scenario another is no row.
    """
    first, *_ = scenarios
    values = {
        one.name: {key: _column(runs[one.name], key) for key in runs[one.name][0].values
                   if good_of(key, one) == good_of(key, first)}
        for one in scenarios
    }  # fmt: skip
    base, *others = runs
    made = rows(values[base], {name: values[name] for name in others}, primary)
    for name in others:
        yield from (row for row in made if row["scenario"] == name)
        if runs[base][0].flow.index.equals(runs[name][0].flow.index):
            pairs = zip(runs[base], runs[name], strict=True)
            moved = np.array([divergence(one.flow, two.flow) for one, two in pairs])
            yield row_of_movement(name, moved)


def _column(outcomes: Sequence[Outcome], key: str) -> NDArray[np.float64]:
    return np.array([outcome.values[key] for outcome in outcomes], dtype=float)
