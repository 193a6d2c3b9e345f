"""Calibration: values of assumptions under which the model shows given figures.

Adaptive population Monte Carlo for approximate Bayesian computation (Lenormand, Jabot and
Deffuant 2013): a population of points is drawn evenly from the ranges of the assumptions; in each
round the nearer part stays and the rest is drawn anew around it, until every figure is
within its tolerance at most points; the others are left out. Each round is an ordinary sweep
into a store of its own, so a killed calibration goes on where it was.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.comparing.output import write_json
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import Design, Study
from tocsin.experiments.running.destination import check_file, check_folder, strangers
from tocsin.experiments.running.engine import Engine
from tocsin.experiments.running.pool import local
from tocsin.experiments.running.provenance import code_version
from tocsin.experiments.running.seals import FORMAT
from tocsin.experiments.running.store import Store
from tocsin.experiments.running.sweep import sweep
from tocsin.experiments.unknowns.sensitivity import finite, replicated
from tocsin.simulation.errors import InputError, nearest

KEEP = 0.4
ENOUGH = 0.8  # of the population within all tolerances; the others are left out at the end
PARTICLES = 100
ROUNDS = 20
TABLES = ("posterior", "particles", "rounds", "check")
SUMMARY = "calibration.json"
RESULTS = (*(f"{name}.csv" for name in TABLES), SUMMARY)
PART = re.compile(r"round-\d+|check")  # stores in the folder of a calibration
CHECK_SEED = 100_000  # replications of the check lie beyond those of the fit


@dataclass(frozen=True)
class Target:
    """A figure that the model is to show: an indicator, its value, and how near is near enough.

    One that is not `fitted` is left out of the fit and stands in the check alone.
    """

    indicator: str
    value: float
    tolerance: float
    source: str = ""
    fitted: bool = True


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes
    ----------
    posterior
        A sample of joint values, one column a key, all rows of equal weight.
    particles
        The last population: values, outcomes, distance (largest miss in tolerances), weight.
    rounds
        Distance that the points of a round must keep, and points judged so far.
    check
        For each target, what runs with new luck at the posterior sample show: median, 5 and 95 %
        quantiles of the points that have a finite mean, and the share of all within tolerance.
    met
        Whether every point of the population meets every target that is fitted.
    """

    posterior: pd.DataFrame
    particles: pd.DataFrame
    rounds: pd.DataFrame
    check: pd.DataFrame
    met: bool


def targets_of(table: Mapping[str, Any], indicators: Sequence[str]) -> list[Target]:
    """Targets as a study file states them.

    Raises
    ------
    InputError
        There are none, or one is not well formed.
    """
    found = []
    for name, stated in table.get("targets", {}).items():
        if name not in indicators:
            raise InputError(f"targets.{name}: not an indicator that the study keeps"
                             f"{nearest(name, indicators)}.")  # fmt: skip
        for key, kind in (("value", int | float), ("tolerance", int | float), ("source", str)):
            if not isinstance(stated, dict) or not isinstance(stated.get(key), kind):
                raise InputError(f"targets.{name}.{key}: missing; a target has a value, a "
                                 "tolerance and a source.")  # fmt: skip
        if not stated["tolerance"] > 0:
            raise InputError(f"targets.{name}.tolerance = {stated['tolerance']}: not above 0.")
        fitted = stated.get("fitted", True)
        if not isinstance(fitted, bool):
            raise InputError(f"targets.{name}.fitted = {fitted!r}: allowed is true or false.")
        found.append(Target(name, stated["value"], stated["tolerance"], stated["source"], fitted))
    if not any(target.fitted for target in found):
        raise InputError("targets: missing; calibration needs figures to fit.")
    return found


def calibrate(
    study: Study,
    targets: Sequence[Target],
    folder: Path | str,
    *,
    particles: int = PARTICLES,
    rounds: int = ROUNDS,
    engine: Engine | None = None,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Calibration:
    """Fit the assumptions of a study to targets.

    Parameters
    ----------
    study
        Its axes are fitted, evenly likely within their ranges beforehand; its design is not used.
        A point is judged by the mean of its replications.
    folder
        Where the stores of the rounds, and at the end the results, are kept.
    particles
        Size of the population and of the posterior sample.
    rounds
        At most so many.
    progress
        Called with what is being done, runs done and runs foreseen in it.

    Raises
    ------
    InputError
        An axis is no range of an assumption, or the folder cannot be used; said before any run.
    """
    _check(study, particles, rounds)
    folder = Path(folder)
    check_place(folder)
    with nullcontext(engine) if engine is not None else local(workers) as place:
        runner = _Runner(study, tuple(targets), folder, place, progress)
        population, history = _populations(runner, particles, rounds)
        chosen = _resampled(population, particles, study.seed)
        posterior = chosen.loc[:, [axis.key for axis in study.axes]].reset_index(drop=True)
        check = _predictive(runner, posterior)
    met = bool((population["distance"].to_numpy() <= 1).all())
    made = Calibration(posterior, population, history, check, met)
    _write(made, study, targets, folder)
    return made


def check_place(folder: Path) -> None:
    """Refuse a folder in which a calibration could not be kept.

    Raises
    ------
    InputError
        The folder holds something else than a calibration that was begun, is a file, or cannot be
        written.
    """
    try:
        held = strangers(folder)
    except OSError as wrong:
        raise InputError(f"--out {folder}: cannot be used ({wrong.strerror}).") from None
    if not held:
        check_folder(folder)
        return
    foreign = [name for name in held if name not in RESULTS and not PART.fullmatch(name)]
    if foreign:
        raise InputError(f"--out {folder}: it is no calibration and not empty (it holds "
                         f"{foreign[0]}); name a new folder.")  # fmt: skip
    for name in RESULTS:
        check_file(folder / name)


def _check(study: Study, particles: int, rounds: int) -> None:
    if not study.axes:
        raise InputError("calibration: the study varies nothing.")
    for axis in study.axes:
        if axis.key in study.levers:
            raise InputError(f"{axis.key}: a lever; calibration fits assumptions only.")
        if axis.values:
            raise InputError(f"{axis.key}: calibration needs a range, not a list of values.")
    for name, number, least in (("particles", particles, 10), ("rounds", rounds, 1)):
        if number < least:
            raise InputError(f"calibration.{name} = {number}: allowed is a whole number from "
                             f"{least}.")  # fmt: skip


@dataclass(frozen=True)
class _Runner:
    """Runs points of one calibration and says how far off they are."""

    study: Study
    targets: tuple[Target, ...]
    folder: Path
    engine: Engine
    progress: Callable[[str, int, int], None] | None

    def run(self, points: pd.DataFrame, name: str, seed: int) -> Store:
        """Sweep a list of points into a store of its own."""
        made = replace(self.study, axes=(), design=Design("list", 0, 0, points), seed=seed)

        def told(done: int, total: int) -> None:
            if self.progress is not None:
                self.progress(name, done, total)

        return sweep(made, self.folder / name, engine=self.engine, progress=told)

    def judged(self, shares: NDArray[np.float64], number: int) -> pd.DataFrame:
        """Values, outcomes and distance of points given as shares of the axes."""
        values = {axis.key: axis.at(shares[:, n]) for n, axis in enumerate(self.study.axes)}
        points = pd.DataFrame(values)
        store = self.run(points.copy(), f"round-{number:02d}", self.study.seed)
        distance = np.zeros(len(points))
        for target in self.targets:
            means = _means(store, target)
            points[target.indicator] = means
            if target.fitted:
                miss = np.abs(means - target.value) / target.tolerance
                distance = np.maximum(distance, np.where(np.isnan(miss), np.inf, miss))
        return points.assign(distance=distance)


def _means(store: Store, target: Target) -> NDArray[np.float64]:
    """Mean outcome of each point; NaN where none is defined, or a run is infinite."""
    return finite(replicated(store, target.indicator)).mean(axis=1).to_numpy(dtype=float)


def _populations(runner: _Runner, particles: int, rounds: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last population, and how the rounds went."""
    from scipy.stats import qmc

    axes, seed = runner.study.axes, runner.study.seed
    shares = qmc.LatinHypercube(len(axes), rng=np.random.default_rng([seed, 0])).random(particles)
    table = runner.judged(shares, 0)
    weights, judged = np.ones(particles), particles
    threshold = float(table["distance"].to_numpy().max())
    history = [(0, threshold, judged)]
    for number in range(1, rounds + 1):
        distance = table["distance"].to_numpy()
        if (distance <= 1).mean() >= ENOUGH:
            threshold = 1.0
            break
        threshold = max(1.0, float(np.quantile(distance, KEEP, method="higher")))
        stays = distance <= threshold
        if stays.all():  # ties: nothing can be told apart any more
            break
        random = np.random.default_rng([seed, number])
        proposed, density = _proposals(
            shares[stays], weights[stays], int((~stays).sum()), random
        )  # fmt: skip
        new = runner.judged(proposed, number)
        judged += len(new)
        near = new["distance"].to_numpy() <= threshold
        # Points that came no nearer are weighed as nothing and replaced in the next round.
        shares = np.vstack([shares[stays], proposed])
        weights = np.concatenate([weights[stays], np.where(near, 1 / density, 0.0)])
        table = pd.concat([table.loc[stays], new], ignore_index=True)
        history.append((number, threshold, judged))
    near = (weights > 0) & (table["distance"].to_numpy() <= threshold)
    weights = weights[near] / weights[near].sum()
    return (
        table.loc[near].reset_index(drop=True).assign(weight=weights),
        pd.DataFrame(history, columns=["round", "distance", "points"]),
    )


def _proposals(
    shares: NDArray[np.float64],
    weights: NDArray[np.float64],
    number: int,
    random: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points drawn around those that stay, with twice their covariance, and their density."""
    weights = weights / weights.sum()
    centre = weights @ shares
    spread = 2 * (weights[:, np.newaxis] * (shares - centre)).T @ (shares - centre)
    spread += 1e-10 * np.eye(shares.shape[1])
    found: list[NDArray[np.float64]] = []
    tries = 0
    while len(found) < number:
        tries += 1
        start = shares[random.choice(len(shares), p=weights)]
        point = random.multivariate_normal(start, spread, method="cholesky")
        if ((point >= 0) & (point <= 1)).all():
            found.append(point)
    drawn = np.array(found)
    inverse = np.linalg.inv(spread)
    gap = drawn[:, np.newaxis] - shares[np.newaxis]
    kernel = np.exp(-0.5 * np.einsum("ijk,kl,ijl->ij", gap, inverse, gap))
    kernel /= np.sqrt(np.linalg.det(2 * np.pi * spread))
    return drawn, (kernel @ weights) * tries / number


def _resampled(population: pd.DataFrame, number: int, seed: int) -> pd.DataFrame:
    """Rows of equal weight: systematic resampling, then shuffled."""
    random = np.random.default_rng([seed, 999])
    places = (np.arange(number) + random.random()) / number
    edges = np.cumsum(population["weight"].to_numpy())
    rows = np.minimum(np.searchsorted(edges, places), len(population) - 1)
    return population.loc[random.permutation(rows)]


def _predictive(runner: _Runner, posterior: pd.DataFrame) -> pd.DataFrame:
    """What the posterior sample shows with luck that it was not fitted to."""
    store = runner.run(posterior, "check", runner.study.seed + CHECK_SEED)
    rows = []
    for target in runner.targets:
        values = _means(store, target)
        within = np.mean(np.abs(values - target.value) <= target.tolerance)
        values = values[~np.isnan(values)]
        low, middle, high = (
            np.quantile(values, [0.05, 0.5, 0.95]) if values.size else np.full(3, np.nan)
        )
        rows.append((target.indicator, target.value, target.tolerance, middle, low, high, within,
                     target.fitted))  # fmt: skip
    columns = ["indicator", "target", "tolerance", "median", "low", "high", "within", "fitted"]
    return pd.DataFrame(rows, columns=columns)


def _write(
    made: Calibration, study: Study, targets: Sequence[Target], folder: Path
) -> None:  # fmt: skip
    try:
        for name in TABLES:
            getattr(made, name).to_csv(folder / f"{name}.csv", index=False)
        write_json({
            "kind": "calibration", "format": FORMAT, "study": study.described(),
            "code": code_version(), "met": made.met,
            "targets": [vars(target) for target in targets],
        }, folder / SUMMARY)  # fmt: skip
    except OSError as wrong:
        raise InputError(f"--out {folder}: writing failed ({wrong.strerror}).") from None


def narrowed(posterior: pd.DataFrame, axes: Sequence[Axis]) -> pd.DataFrame:
    """How much the targets say: range before, 5-95 % range after, and the share that is left."""
    rows = []
    for axis in axes:
        low, middle, high = np.quantile(
            posterior[axis.key].to_numpy(dtype=float), [0.05, 0.5, 0.95]
        )
        left = (high - low) / (0.9 * (axis.high - axis.low))
        rows.append((axis.key, axis.low, axis.high, middle, low, high, left))
    columns = ["key", "from", "to", "median", "low", "high", "left"]
    return pd.DataFrame(rows, columns=columns)
