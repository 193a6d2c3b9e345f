"""Screening: which of the assumptions decide the headline answers, in two steps.

An answer is what one of the three headline policies of Meridian changes of one headline
indicator. First every numeric assumption of the table is moved by itself from many starting
points between half and twice its default (Morris 1991); the few that move the answers most are
then varied together, and the variance of the answers is divided among them (Sobol; Saltelli et
al. 2010). Base and policies run under the same luck at each point.

`python -m tocsin.experiments.methods.screening` does both steps, goes on where it was stopped, and
renews docs/sensitivity.* and `decisive.csv`, which reports read.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from tocsin.experiments.design.points import MORRIS_LEVELS, Axis, morris_steps, problem
from tocsin.experiments.design.study import Design, Replications, Study
from tocsin.experiments.methods.sensitivity_page import markdown
from tocsin.experiments.running.store import Store
from tocsin.experiments.running.sweep import plan, sweep
from tocsin.experiments.unknowns.decisive import ANSWERED, FILE, FIVE, ranked
from tocsin.experiments.unknowns.decisive import POLICIES as WORDS
from tocsin.experiments.unknowns.sensitivity import replicated
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import table
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

BASE = "baseline"
POLICIES = tuple(WORDS)
ANSWERS = tuple(f"{policy}.{indicator}" for policy in POLICIES for indicator in ANSWERED)
WEEKS = 156
FOLD = 2.0
LUCK = "luck"  # column of the design: the seed of a point
STILL = 24  # points at the defaults, each with luck of its own
STEP = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))  # of a range, in one move
CHANCE = 0.2  # how often luck alone makes any assumption count for an answer (Bonferroni)
CANDIDATES = 8
SOBOL_N = 32
SOBOL_SEEDS = 2
SEED = 0


def assumptions() -> list[Axis]:
    """An axis for each numeric assumption, from half of its default to twice."""
    axes: list[Axis] = []
    for row in table():
        if row.kind != "assumption" or row.type not in ("int", "float") or not row.default:
            continue
        usual = float(row.default)
        ends = sorted((usual / FOLD, usual * FOLD))
        low, high = max(ends[0], float(row.low or 0)) if usual > 0 else ends[0], ends[1]
        high = min(high, float(row.high)) if row.high is not None else high
        whole = row.type == "int"
        if whole:
            low, high = float(np.floor(low)), float(np.ceil(high))
            low = max(low, float(row.low or 0))
        axes.append(Axis(row.key, low, high, whole))
    return axes


class Answers:
    """The task of both steps: what the policies change at one point, and what the base is.

    Relative for what is delivered, in points for the interception rate, in numbers for networks
    dismantled.
    """

    def __init__(self, weeks: int) -> None:
        self.weeks = weeks

    def __call__(self, values: Mapping[str, Any], seed: int) -> dict[str, float]:
        """Base and policies at the values of a point, under the same luck."""
        changed = dict(values)
        luck = int(changed.pop(LUCK, seed))
        ends = {name: self._ends(name, changed, luck) for name in (BASE, *POLICIES)}
        base = ends.pop(BASE)
        found = {f"{BASE}.{name}": value for name, value in base.items()}
        for policy, end in ends.items():
            for name in ANSWERED:
                scale = (base[name] or float("nan")) if name == "delivered" else 1.0
                found[f"{policy}.{name}"] = (end[name] - base[name]) / scale
        return found

    def _ends(self, name: str, values: Mapping[str, Any], seed: int) -> dict[str, float]:
        made = run(load(name).with_(dict(values)), seed, self.weeks, events=False)
        return {key: float(made.indicators[key] or 0) for key in ANSWERED}


def morris_study(axes: Sequence[Axis], trajectories: int, weeks: int) -> Study:
    """Every axis moved once in each trajectory; each trajectory has luck of its own."""
    steps = morris_steps(axes, trajectories, SEED)
    points = _placed(axes, steps)
    points[LUCK] = np.repeat(np.arange(trajectories), len(axes) + 1)
    usual = {row.key: row.default for row in table()}
    still = pd.DataFrame([{axis.key: usual[axis.key] for axis in axes}] * STILL)
    still[LUCK] = np.arange(STILL)
    both = pd.concat([points, still], ignore_index=True)
    return Study(Answers(weeks), design=Design("list", table=both))


def sobol_study(axes: Sequence[Axis], number: int, seeds: int, weeks: int) -> Study:
    """A few axes varied together, `number` x (axes + 2) points, each run with the same seeds."""
    from SALib.sample import sobol as sampler

    shares = sampler.sample(problem(axes), number, calc_second_order=False, seed=SEED)
    return Study(Answers(weeks), design=Design("list", table=_placed(axes, shares)),
                 replications=Replications(seeds, seeds))  # fmt: skip


def _placed(axes: Sequence[Axis], shares: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({axis.key: axis.at(shares[:, n]) for n, axis in enumerate(axes)})


def moved(store: Store, axes: Sequence[Axis], trajectories: int) -> pd.DataFrame:
    """Morris's measures of each assumption for each answer, and its slope over all points.

    Returns
    -------
    `size` of the answer at the defaults; mean absolute effect of a move over the whole range
    (`strength`) and `spread` of the effects; what `strength` would be if moves only shuffled the
    luck (`luck`); `slope`, the change over the whole range by least squares, with half of its
    95 % interval; and `share`, the part of an assumption in the squares of those slopes that
    luck would give to any assumption once in five times, lest a candidate be missed. An
    assumption that changes nothing in any run is idle: strength and slope are 0.
    """
    from SALib.analyze import morris

    steps = morris_steps(axes, trajectories, SEED)
    path = np.repeat(np.eye(trajectories), len(axes) + 1, axis=0)
    values = {answer: _means(store, answer) for answer in ANSWERS}
    found = {
        answer: morris.analyze(problem(axes), steps, of[: len(steps)], num_levels=MORRIS_LEVELS,
                               seed=SEED)
        for answer, of in values.items()
    }  # fmt: skip
    busy = np.any([np.asarray(one["mu_star"]) > 0 for one in found.values()], axis=0)
    # A move of an idle assumption repeats the run before; a repeated run tells nothing new.
    moves = np.abs(np.diff(steps, axis=0, prepend=steps[:1] + 1))
    new = (moves[:, busy] > 0).any(axis=1)
    frames: list[pd.DataFrame] = []
    for answer, of in values.items():
        walked, still = of[: len(steps)], of[len(steps) :]
        slope, error = np.zeros(len(axes)), np.zeros(len(axes))
        slope[busy], error[busy], freedom = _slopes(
            np.column_stack([steps[:, busy], path])[new], walked[new], int(busy.sum())
        )
        sure = np.abs(slope) > stats.t.ppf(1 - CHANCE / 2 / busy.sum(), freedom) * error
        beyond = np.where(sure, slope**2 - error**2, 0.0)
        frames.append(pd.DataFrame({
            "assumption": [axis.key for axis in axes], "answer": answer, "size": still.mean(),
            "strength": np.asarray(found[answer]["mu_star"]),
            "spread": np.asarray(found[answer]["sigma"]),
            "luck": 2 / np.sqrt(np.pi) * still.std(ddof=1) / STEP, "slope": slope,
            "slope_reach": stats.t.ppf(0.975, freedom) * error,
            "share": beyond / (beyond.sum() or 1.0), "trajectories": trajectories,
            "points": of.size,
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _slopes(table: np.ndarray, y: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray, int]:
    """The first coefficients of a least squares fit, their standard errors, and its freedom."""
    fit, _, rank, _ = np.linalg.lstsq(table, y, rcond=None)
    left = y - table @ fit
    freedom = max(1, y.size - int(rank))
    errors = np.sqrt(np.diag(np.linalg.pinv(table.T @ table)) * float(left @ left) / freedom)
    return fit[:number], errors[:number], freedom


def divided(store: Store, axes: Sequence[Axis], number: int) -> pd.DataFrame:
    """Sobol indices of each candidate for each answer.

    Returns
    -------
    `first`: part of the variance that goes when the assumption alone is known; `total`: part that
    stays when all others are known; half of their 95 % intervals; and `luck`, the part of the
    variance of the mean over seeds that no assumption makes and that is in every total. Seeds
    that were not run at all points are left out.
    """
    from SALib.analyze import sobol

    frames: list[pd.DataFrame] = []
    for answer in ANSWERS:
        by_seed = replicated(store, answer).to_numpy(dtype=float)
        whole = by_seed[:, ~np.isnan(by_seed).any(axis=0)]
        if not whole.size:
            raise InputError(f"{store.folder}: no seed has {answer} at all points; screening "
                             "needs them all.")  # fmt: skip
        values, seeds = whole.mean(axis=1), whole.shape[1]
        found = sobol.analyze(problem(axes), values, calc_second_order=False, num_resamples=500,
                              seed=SEED)  # fmt: skip
        luck = _between_seeds(by_seed) / seeds
        frames.append(pd.DataFrame({
            "assumption": [axis.key for axis in axes], "answer": answer,
            "first": np.asarray(found["S1"]), "first_reach": np.asarray(found["S1_conf"]),
            "total": np.asarray(found["ST"]), "total_reach": np.asarray(found["ST_conf"]),
            "luck": luck / float(values.var()), "n": number, "points": len(values), "seeds": seeds,
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def _between_seeds(by_seed: np.ndarray) -> float:
    """Variance of an outcome [points, seeds] that neither point nor seed explains."""
    known = by_seed[~np.isnan(by_seed).any(axis=1)]
    points, seeds = known.shape
    if points < 2 or seeds < 2:
        return float("nan")
    left = known - known.mean(axis=0) - known.mean(axis=1, keepdims=True) + known.mean()
    return float((left**2).sum()) / ((points - 1) * (seeds - 1))


def _means(store: Store, answer: str) -> np.ndarray:
    """Mean outcome of every point; raises InputError if one has none."""
    values = replicated(store, answer).mean(axis=1).to_numpy(dtype=float)
    missing = int(np.isnan(values).sum())
    if missing:
        raise InputError(f"{store.folder}: {missing:,} points have no {answer}; screening needs "
                         "them all.")  # fmt: skip
    return values


def candidates(found: pd.DataFrame, axes: Sequence[Axis], number: int) -> list[Axis]:
    """The axes that move the answers most, by their mean share over answers."""
    share = {axis.key: 0.0 for axis in axes}
    for row in found.to_dict(orient="records"):
        share[str(row["assumption"])] += float(row["share"])
    return sorted(axes, key=lambda axis: -share[axis.key])[:number]


def _swept(study: Study, folder: Path, workers: int | None, name: str) -> Store:
    from tocsin.experiments.running.pool import processors

    print(f"{name}: {plan(study, folder, workers or processors())}", file=sys.stderr)

    def progress(done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            print(f"\r{name}: {done:,} of {total:,} points", end="", file=sys.stderr, flush=True)

    store = sweep(study, folder, workers=workers, progress=progress)
    print(file=sys.stderr)
    return store


def main(arguments: Sequence[str] | None = None) -> int:
    """Both steps; renews docs/sensitivity.* and the file that reports read."""
    parser = argparse.ArgumentParser(
        prog="python -m tocsin.experiments.methods.screening", description=__doc__
    )
    parser.add_argument("--trajectories", type=int, default=4)
    parser.add_argument("--number", type=int, default=SOBOL_N, help="of the second step, 2^k")
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--out", type=Path, default=Path("build/screening"), help="for all runs")
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    args = parser.parse_args(arguments)
    try:
        if not args.docs.is_dir():
            raise InputError(f"screening: no folder {args.docs} here; call this from a checkout.")
        axes = assumptions()
        study = morris_study(axes, args.trajectories, args.weeks)
        store = _swept(study, args.out / "morris", args.workers, "first step")
        first = moved(store, axes, args.trajectories)
        few = candidates(first, axes, CANDIDATES)
        study = sobol_study(few, args.number, SOBOL_SEEDS, args.weeks)
        store = _swept(study, args.out / "sobol", args.workers, "second step")
        second = divided(store, few, args.number)
    except InputError as wrong:
        print(f"screening: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"screening: interrupted; what is done is kept in {args.out}.", file=sys.stderr)
        return 130
    first, second = first.assign(weeks=args.weeks), second.assign(weeks=args.weeks)
    first.to_csv(args.docs / "sensitivity.csv", index=False, float_format="%.5g")
    second.to_csv(args.docs / "sensitivity_sobol.csv", index=False, float_format="%.5g")
    ranked(second).head(FIVE).to_csv(FILE, index=False, float_format="%.4g")
    text = markdown(args.docs)
    (args.docs / "sensitivity.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
