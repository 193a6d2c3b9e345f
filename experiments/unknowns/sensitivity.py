"""Sensitivity: what the outcomes of a study say about its levers and unknowns.

Everything here reads a `Store` and returns tables. A point counts by the mean of its
replications; replications share their seeds between points, so much of the noise cancels.
"""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from tocsin.experiments.comparing.outcomes import alike, check_outcome, numbers, outcomes
from tocsin.experiments.design.points import Axis, morris_steps, problem
from tocsin.experiments.design.study import POSTERIOR, axes_of
from tocsin.experiments.running.store import Store
from tocsin.simulation.errors import InputError

LEVEL = 0.05
BINS = 5
RESAMPLES = 500


def axes(store: Store) -> tuple[Axis, ...]:
    """What the study varies; the rows of a posterior sample are one axis."""
    told = axes_of(store.manifest["study"])
    if POSTERIOR in store.points:
        rows = tuple(range(int(store.points[POSTERIOR].to_numpy().max()) + 1))
        told = (*told, Axis(POSTERIOR, values=rows))
    return told


def indicators(store: Store) -> list[str]:
    """Numbers that the study keeps of each run."""
    table = store.outcomes()
    return [name for name in outcomes(store) if pd.api.types.is_numeric_dtype(table[name])]


def replicated(store: Store, indicator: str) -> pd.DataFrame:
    """Values of an indicator: points in rows, replications in columns, NaN where there is none.

    Raises
    ------
    InputError
        The study does not keep it, or it is a text.
    """
    check_outcome(store, indicator)
    table = store.outcomes()
    texts = sum(isinstance(value, str) for value in table[indicator])
    if texts:
        raise InputError(f"indicator {indicator!r}: a text in {texts:,} of {len(table):,} runs; "
                         "nothing can be computed from it.")  # fmt: skip
    table = table.assign(**{indicator: numbers(store, indicator)})
    values = table.pivot(index="point", columns="replication", values=indicator)
    return values.reindex(store.points.index)


def finite(values: pd.DataFrame) -> pd.DataFrame:
    """The same, undefined at every point that has an infinite run, because its mean is none."""
    return values.mask(np.isinf(values).any(axis=1))


def response(store: Store, indicator: str) -> pd.DataFrame:
    """The response table: each point with n, mean, standard deviation and 95 % interval.

    `n` is the number of runs that the mean rests on: 0 where no mean is finite.
    """
    values = finite(replicated(store, indicator))
    number = values.count(axis=1)
    mean, deviation = values.mean(axis=1), values.std(axis=1, ddof=1)
    reach = stats.t.ppf(1 - LEVEL / 2, np.maximum(number - 1, 1)) * deviation / np.sqrt(number)
    return store.points.assign(n=number, mean=mean, sd=deviation, low=mean - reach,
                               high=mean + reach)  # fmt: skip


def convergence(store: Store, indicator: str) -> pd.DataFrame:
    """How well the mean of a point is known after 2, 3, ... replications.

    Returns
    -------
    A row for each number of replications: half of the 95 % interval, relative to the mean, of the
    median point and of the worst one.
    """
    values = finite(replicated(store, indicator)).to_numpy(dtype=float)
    rows = []
    for number in range(2, values.shape[1] + 1):
        first = values[:, :number]
        first = first[~np.isnan(first).any(axis=1)]
        if not len(first):
            break
        error = first.std(axis=1, ddof=1) / np.sqrt(number)
        with np.errstate(divide="ignore", invalid="ignore"):
            width = stats.t.ppf(1 - LEVEL / 2, number - 1) * error / np.abs(first.mean(axis=1))
        width = width[np.isfinite(width)]
        if width.size:
            rows.append((number, len(first), np.median(width), width.max()))
    return pd.DataFrame(rows, columns=["replications", "points", "median", "worst"])


def levels(store: Store, indicator: str, key: str, bins: int = BINS) -> pd.DataFrame:
    """Mean outcome along one axis, over all points: the curve of its main effect.

    Returns
    -------
    A row for each listed value, or for each of `bins` equally full parts of a range: its middle
    (`value`), the number of points, mean and 95 % interval over points.
    """
    outcome = finite(replicated(store, indicator)).mean(axis=1).to_numpy(dtype=float)
    values = store.points[key].to_numpy()
    distinct = sorted(set(values.tolist()), key=_in_order)
    if len(distinct) <= bins or any(isinstance(value, str | bool) for value in distinct):
        parts = {value: values == value for value in distinct}
    else:
        ranks = np.argsort(np.argsort(values, kind="stable"))
        part = ranks * bins // len(values)
        parts = {float(values[part == n].mean()): part == n for n in range(bins)}
    rows = []
    for value, inside in parts.items():
        held = outcome[inside]
        held = held[~np.isnan(held)]
        mean, reach = (float(held.mean()), float("nan")) if held.size else (float("nan"),) * 2
        if held.size > 1:
            error = float(held.std(ddof=1)) / np.sqrt(held.size)
            reach = float(stats.t.ppf(1 - LEVEL / 2, held.size - 1)) * error
        rows.append((value, held.size, mean, mean - reach, mean + reach))
    return pd.DataFrame(rows, columns=["value", "points", "mean", "low", "high"])


def _in_order(value: object) -> tuple[bool, object]:
    return isinstance(value, str), value


def effects(store: Store, indicator: str) -> pd.DataFrame:
    """Main effects and interactions of pairs, by least squares over the points.

    A main effect is the change of the outcome from the lowest to the highest value of an axis,
    in the middle of all others (for a word: against the first word). An interaction is how much
    larger the effect of the one is at the highest than at the lowest value of the other.
    Interactions are left out if there are too few points for them.

    Returns
    -------
    term, kind (main or interaction), effect, low, high (95 % interval of the fit), and in the
    attribute ``attrs["fit"]`` the share of the variance between points that the terms explain.

    Raises
    ------
    InputError
        Too few points have a finite mean, or all of them have the same.
    """
    outcome = finite(replicated(store, indicator)).mean(axis=1)
    defined = outcome.notna().to_numpy()
    y = outcome.to_numpy(dtype=float)[defined]
    if y.size == 0 or alike(y):
        raise InputError(f"effects: {y.size} points have a finite mean, and no two differ.")
    single = _coded(store)
    single = {name: column[defined] for name, column in single.items()}
    single = {name: column for name, column in single.items() if np.ptp(column) > 0}
    pairs = {
        f"{a} x {b}": single[a] * single[b]
        for a, b in combinations(single, 2)
        if a.partition("=")[0] != b.partition("=")[0]
    }
    if y.size <= 1 + len(single):
        raise InputError(f"effects: {y.size} points are too few for {len(single)} axes.")
    if y.size <= 2 * (1 + len(single) + len(pairs)):
        pairs = {}
    terms = {**single, **pairs}
    table = np.column_stack([np.ones(y.size), *terms.values()])
    fit, _, rank, _ = np.linalg.lstsq(table, y, rcond=None)
    left = y - table @ fit
    freedom = max(1, y.size - int(rank))
    spread = np.linalg.pinv(table.T @ table) * float(left @ left) / freedom
    reach = stats.t.ppf(1 - LEVEL / 2, freedom) * np.sqrt(np.maximum(np.diag(spread), 0))
    rows = [
        (term, "main" if term in single else "interaction", fit[n], fit[n] - reach[n],
         fit[n] + reach[n])
        for n, term in enumerate(terms, 1)
    ]  # fmt: skip
    made = pd.DataFrame(rows, columns=["term", "kind", "effect", "low", "high"])
    whole = float(((y - y.mean()) ** 2).sum())
    made.attrs["fit"] = 1 - float(left @ left) / whole
    return made


def _coded(store: Store) -> dict[str, NDArray[np.float64]]:
    """Axes as columns from -1/2 (lowest) to 1/2 (highest); a word as a column against the first."""
    coded: dict[str, NDArray[np.float64]] = {}
    for axis in axes(store):
        if axis.key == POSTERIOR:
            continue
        column = store.points[axis.key]
        if pd.api.types.is_numeric_dtype(column):
            values = column.to_numpy(dtype=float)
            span = float(np.ptp(values))
            coded[axis.key] = (values - values.min()) / (span or 1.0) - 0.5
        else:
            words = list(axis.values) or sorted(column.unique())
            for word in words[1:]:
                coded[f"{axis.key}={word}"] = (column == word).to_numpy(dtype=float) - 0.5
    return coded


def sobol_indices(store: Store, indicator: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Variance-based indices of a Sobol design (Saltelli et al. 2010), by SALib.

    Returns
    -------
    One row an axis: first-order and total index with 95 % bootstrap intervals. One row a pair:
    the second-order index with its interval. Noise between replications counts as variance that
    no axis explains.

    Raises
    ------
    InputError
        The design is another one, outcomes are missing, or too few points differ.
    """
    from SALib.analyze import sobol

    told = axes(store)
    outcome = _complete(store, indicator, "sobol")
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.filterwarnings("ignore", message="Constant values encountered")
        found = sobol.analyze(problem(told), outcome, num_resamples=RESAMPLES, seed=1)
    single = pd.DataFrame({"key": [axis.key for axis in told]})
    for name, index in (("first", "S1"), ("total", "ST")):
        value, reach = np.asarray(found[index]), np.asarray(found[f"{index}_conf"])
        single = single.assign(**{name: value, f"{name}_low": value - reach,
                                  f"{name}_high": value + reach})  # fmt: skip
    rows = [
        (told[a].key, told[b].key, found["S2"][a, b], found["S2"][a, b] - found["S2_conf"][a, b],
         found["S2"][a, b] + found["S2_conf"][a, b])
        for a, b in combinations(range(len(told)), 2)
    ]  # fmt: skip
    pairs = pd.DataFrame(rows, columns=["first", "second", "index", "low", "high"])
    for table in (single, pairs):
        if not np.isfinite(table.select_dtypes("number").to_numpy(dtype=float)).all():
            raise InputError(f"{store.folder}: {indicator} differs at too few points for indices.")
    return single, pairs


def morris_effects(store: Store, indicator: str) -> pd.DataFrame:
    """Elementary effects of a Morris design (Morris 1991; Campolongo et al. 2007), by SALib.

    Returns
    -------
    One row an axis: mean effect over its whole range (`mu`), mean of absolute effects with 95 %
    interval (`mu_star`), and their spread (`sigma`: curvature and interactions).

    Raises
    ------
    InputError
        The design is another one, outcomes are missing, or no two points differ.
    """
    from SALib.analyze import morris

    told, design = axes(store), store.manifest["study"]["design"]
    outcome = _complete(store, indicator, "morris")
    steps = morris_steps(told, design["size"], design["seed"])
    found = morris.analyze(problem(told), steps, outcome, num_resamples=RESAMPLES, seed=1)
    star, reach = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    return pd.DataFrame({
        "key": [axis.key for axis in told], "mu": np.asarray(found["mu"]), "mu_star": star,
        "mu_star_low": np.maximum(star - reach, 0), "mu_star_high": star + reach,
        "sigma": np.asarray(found["sigma"]),
    })  # fmt: skip


def _complete(store: Store, indicator: str, kind: str) -> NDArray[np.float64]:
    """Mean outcome of every point, in the order of the design."""
    made = store.manifest["study"]["design"]["kind"]
    if made != kind:
        raise InputError(f"{store.folder}: its design is {made}, not {kind}.")
    outcome = finite(replicated(store, indicator)).mean(axis=1)
    missing = int(outcome.isna().sum())
    if missing:
        raise InputError(f"{store.folder}: {missing:,} of {len(outcome):,} points have no finite "
                         f"{indicator}; a {kind} design needs them all.")  # fmt: skip
    if alike(outcome.to_numpy(dtype=float)):
        raise InputError(f"{store.folder}: {indicator} has the same mean at all points; there is "
                         "no variance to divide.")  # fmt: skip
    return outcome.to_numpy(dtype=float)


def shares_of_interest(
    store: Store, indicator: str, low: float | None = None, high: float | None = None
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Numeric axes and, for each point, the share of replications that lie in a range.

    Parameters
    ----------
    low, high
        Ends of the range of the indicator that is of interest; None is open.

    Returns
    -------
    Inputs and weights as `tocsin.experiments.unknowns.discovery.prim` takes them; points without a
    defined outcome are left out.
    """
    values = replicated(store, indicator).to_numpy(dtype=float)
    defined = ~np.isnan(values)
    inside = defined.copy()
    if low is not None:
        inside &= values >= low
    if high is not None:
        inside &= values <= high
    number = defined.sum(axis=1)
    keys = [
        key for key in store.points.columns
        if key != POSTERIOR and pd.api.types.is_numeric_dtype(store.points[key])
        and len(set(store.points[key].tolist())) > 1
    ]  # fmt: skip
    inputs = store.points.loc[number > 0, keys]
    return inputs, inside.sum(axis=1)[number > 0] / number[number > 0]
