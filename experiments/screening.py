"""Screening: which of the assumptions decide the headline answers (Morris 1991).

Every numeric assumption of the table goes from half of its default to twice of it, inside its
bounds. At each point of the trajectories the base and the three headline policies of Meridian
run under the same luck; an answer is the relative change of what is delivered. The mean absolute
effect of a step says how much an assumption moves an answer, its spread how much that depends on
the other assumptions.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.design import Axis, morris, morris_steps, problem
from experiments.engine import run_all
from simulation.errors import InputError
from simulation.parameters import table
from simulation.run import run
from simulation.scenario import load

BASE = "baseline"
POLICIES = ("more_cooperation", "faster_intelligence", "more_capacity")
FOLD = 2.0
SEED = 0
SHOWN = 12


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


def _answers(job: tuple[dict[str, float], int]) -> list[float]:
    """Delivered under the base and under each policy, at one point."""
    values, weeks = job
    return [
        run(load(name).with_(values), SEED, weeks, events=False).series["delivered"].sum().item()
        for name in (BASE, *POLICIES)
    ]


def screen(
    trajectories: int,
    weeks: int,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    axes: Sequence[Axis] | None = None,
) -> pd.DataFrame:
    """Morris's measures of each assumption for each answer.

    Parameters
    ----------
    trajectories
        Paths through the space; each visits as many points as there are axes, and one more.
    weeks
        Length of the runs.
    workers, progress
        As in `experiments.engine.run_all`.
    axes
        What is varied; all assumptions by default.
    """
    from SALib.analyze import morris as analyser

    axes = assumptions() if axes is None else axes
    points = morris(axes, trajectories, SEED)
    whole = {axis.key for axis in axes if axis.whole}
    jobs = [
        ({str(k): int(v) if k in whole else float(v) for k, v in point.items()}, weeks)
        for point in points.to_dict(orient="records")
    ]
    delivered = np.array(run_all(_answers, jobs, workers, progress))
    steps = morris_steps(axes, trajectories, SEED)
    frames: list[pd.DataFrame] = []
    for number, policy in enumerate(POLICIES, 1):
        answer = delivered[:, number] / delivered[:, 0] - 1
        found = analyser.analyze(problem(axes), steps, answer, num_levels=4, seed=SEED)
        frames.append(pd.DataFrame({
            "assumption": [axis.key for axis in axes], "answer": policy,
            "effect": found["mu_star"], "spread": found["sigma"], "runs": delivered.size,
            "trajectories": trajectories, "weeks": weeks,
        }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def markdown(found: pd.DataFrame) -> str:
    """The most decisive assumptions as a page."""
    first = found.to_dict(orient="records")[0]
    strength = {
        policy: found[found.answer == policy].set_index("assumption")["effect"]
        for policy in POLICIES
    }
    number = len(strength[POLICIES[0]])
    scale = pd.concat([one / one.max() for one in strength.values()], axis=1)
    order = [str(key) for key in scale.mean(axis=1).sort_values(ascending=False).index[:SHOWN]]
    lines = [
        "<!-- Generated from docs/sensitivity.csv, made by `python -m experiments.screening`. -->",
        "# Which assumptions decide the answers", "",
        f"Morris screening of {number} numeric assumptions between half and twice their default: "
        f"{first['trajectories']} trajectories, {first['runs']} runs of {first['weeks']} weeks on "
        "Meridian, one seed, the same at all points. An answer is the relative change of what is "
        "delivered under a policy against the base, in percentage points here. The figure is "
        "the mean absolute change over a step of two thirds of the range, per full range. "
        "With so few trajectories this says which assumptions to sweep first, not by how much "
        "they count; luck that a change of an assumption shuffles is in it too.", "",
        "| assumption | " + " | ".join(f"`{name}`" for name in POLICIES) + " |",
        "|---" * (len(POLICIES) + 1) + "|",
    ]  # fmt: skip
    lines += [
        f"| `{key}` | " + " | ".join(f"{100 * strength[p][key]:.1f}" for p in POLICIES) + " |"
        for key in order
    ]
    five = ", ".join(f"`{key}`" for key in order[:5])
    lines += ["", f"The five most decisive over all three answers: {five}."]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Screen, and renew docs/sensitivity.csv and docs/sensitivity.md."""
    parser = argparse.ArgumentParser(prog="python -m experiments.screening", description=__doc__)
    parser.add_argument("--trajectories", type=int, default=4)
    parser.add_argument("--weeks", type=int, default=208)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--docs", type=Path, default=Path("docs"))
    args = parser.parse_args(arguments)
    try:
        if not args.docs.is_dir():
            raise InputError(f"screening: no folder {args.docs} here; call this from a checkout.")

        def progress(done: int) -> None:
            print(f"\r{done} points", end="", file=sys.stderr, flush=True)

        found = screen(args.trajectories, args.weeks, args.workers, progress)
    except InputError as wrong:
        print(f"screening: {wrong}", file=sys.stderr)
        return 2
    print(file=sys.stderr)
    found.to_csv(args.docs / "sensitivity.csv", index=False, float_format="%.5g")
    text = markdown(pd.read_csv(args.docs / "sensitivity.csv"))
    (args.docs / "sensitivity.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
