"""Allocation: a yearly budget split in many ways among the instruments of the coordinator.

Some 200 splits run under the same few seeds and over half of the time; the better ones run in
full and with more seeds, until a handful is left (successive halving, Jamieson and Talwalkar
2016). Those who came through are measured once more with seeds that had no part in the choice,
because the winners of a contest look better in it than they are. What is shown is the front,
splits that neither another nor the scenario itself beats in every indicator, and how far the rest
is behind. There is no front where no split beats the scenario itself beyond chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tocsin.experiments.comparing.families import PARTS, settled
from tocsin.experiments.comparing.families import rows as judged
from tocsin.experiments.design.variants import variant
from tocsin.experiments.running.replications import ReplicatedRuns
from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import instruments
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.values import bounds

SPLITS = 200
KEPT = 3  # one in three goes on
FINALISTS = 8
INDICATORS = ("delivered", "networks_dismantled")
PLACES = 3  # a split is said in thousands of USD


@dataclass(frozen=True)
class Allocation:
    """Splits of a budget that came through.

    Attributes
    ----------
    scenario, budget, keys, indicators
        What was asked; the budget in million USD a year.
    left_out
        Instruments whose mandate the scenario does not give.
    rounds
        (splits, seeds, weeks) of each round, the last with fresh seeds.
    best
        Number of the finalist with the best mean in the first indicator.
    table
        One row a finalist and indicator: split, indicator, base, difference, low, high, verdict, n,
        front, behind, behind_low, behind_high, behind_verdict. The base is the scenario itself;
        *behind* is the paired difference from the best finalist. Intervals and verdicts are those
        of `tocsin.experiments.comparing.families.rows`: they hold together over all finalists and
        indicators, and have no ends where a split sets the difference. `front` is true for splits
        on the front, and nowhere if no row beats the base by its interval.
    splits
        One row a finalist: million USD a year by instrument.
    """

    scenario: str
    budget: float
    keys: tuple[str, ...]
    indicators: tuple[str, ...]
    left_out: tuple[str, ...]
    rounds: tuple[tuple[int, int, int], ...]
    best: int
    table: pd.DataFrame = field(repr=False)
    splits: pd.DataFrame = field(repr=False)

    @property
    def signs(self) -> tuple[int, ...]:
        """For each indicator 1 if up is better, -1 if down is."""
        return tuple(_sign(name) for name in self.indicators)


def runs_needed(splits: int, replications: int) -> int:
    """About how many runs `allocate` makes, for a bar of progress."""
    left, seeds, count = splits, 1, 0
    while left > FINALISTS:
        count += left * seeds
        seeds *= 2
        left = max(FINALISTS, left // KEPT)
    return count + (left + 1) * replications


def allowed_instruments(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Instruments that the mandates of a scenario allow, and those that they do not."""
    mandates = scenario.parameters.cooperation.mandates
    free, barred = [], []
    for key in instruments():
        needs = parse_key(key).mandate
        (free if needs is None or needs in mandates else barred).append(key)
    return tuple(free), tuple(barred)


def candidates(
    scenario: Scenario, budget: float, keys: Sequence[str], number: int, seed: int
) -> NDArray[np.float64]:
    """Splits that are compared, in million USD a year; rows add up to the budget. [number, keys]

    All to one instrument as far as its bound allows, half and half for each pair, the same for
    all, the scenario's own proportions; the rest is drawn evenly from all splits and, in turn,
    from those that favour few instruments.
    """
    most = np.array([bounds(parse_key(key).field)[1] or budget for key in keys], dtype=float)
    if budget > most.sum():
        raise InputError(f"--budget {budget:g}: more than the instruments can take; allowed is a "
                         f"number up to {most.sum():g} (million USD a year).")  # fmt: skip
    size = len(keys)
    rows = [np.full(size, 1 / size), *np.eye(size)]
    rows += [(a + b) / 2 for n, a in enumerate(np.eye(size)) for b in np.eye(size)[:n]]
    own = np.array([float(scenario.value(key)) for key in keys])
    if own.sum() > 0:
        rows.append(own / own.sum())
    generator = np.random.default_rng(seed)
    while size > 1 and len(rows) < number:
        rows.append(generator.dirichlet(np.full(size, 1.0 if len(rows) % 2 else 0.3)))
    splits = [_placed(row, budget, most) for row in rows[: max(number, 1)]]
    return np.unique(np.array(splits), axis=0)


def _placed(
    shares: NDArray[np.float64], budget: float, most: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Money by instrument; what exceeds a bound goes to the others as far as they can take it."""
    money = np.zeros(len(shares))
    left, weights = budget, shares + 1e-9
    for _ in range(len(shares) + 1):
        room = most - money
        open_ = room > 1e-9
        if left <= 1e-9 or not open_.any():
            break
        step = np.minimum(room, left * np.where(open_, weights, 0) / weights[open_].sum())
        money += step
        left = budget - float(money.sum())
    said = [round(float(one), PLACES) for one in money]
    rest = round(budget - sum(said), PLACES)
    for at in np.argsort(money - most).tolist():
        if rest and 0 <= said[at] + rest <= most[at]:
            said[at] = round(said[at] + rest, PLACES)
            break
    return np.array(said)


def allocate(
    scenario: Scenario,
    budget: float,
    indicators: Sequence[str] = INDICATORS,
    splits: int = SPLITS,
    replications: int = 20,
    seed: int = 0,
    runs: ReplicatedRuns | None = None,
) -> Allocation:
    """Compare splits of a yearly budget by paired replications.

    Parameters
    ----------
    budget
        Million USD a year for all instruments together; in place of what the scenario states.
    indicators
        What the front is made of; each needs a direction.
    splits
        How many are tried at first.
    replications
        Fresh seeds with which the finalists are measured at the end.

    Raises
    ------
    InputError
        The budget is not above 0 or more than the instruments can take, an indicator has no
        direction, or no instrument is allowed.
    """
    signs = np.array([_sign(name) for name in indicators])
    if not 0 < budget < float("inf"):
        raise InputError(f"--budget {budget:g}: allowed is a number above 0 (million USD a year).")
    if splits < 1 or replications < 2:
        raise InputError("allocate: one split and two replications or more are needed.")
    keys, left_out = allowed_instruments(scenario)
    if not keys:
        raise InputError(f"allocate: {scenario.name} gives no mandate for any instrument.")
    runs = ReplicatedRuns() if runs is None else runs
    money = candidates(scenario, budget, keys, splits, seed)
    free = variant(scenario, dict.fromkeys(keys, 0.0))
    funded = [_funded(free, keys, row) for row in money]
    weeks = scenario.parameters.world.weeks
    left, seeds, rounds = list(range(len(funded))), 1, []
    while len(left) > FINALISTS:
        seeds *= 2
        used = range(seed, seed + seeds)
        length = weeks if rounds else max(1, weeks // 2)
        racing = [funded[at] if rounds else funded[at].with_length(length) for at in left]
        runs.run(racing, used)
        rounds.append((len(left), seeds, length))
        score = np.array([
            [sign * np.nanmean(runs.values(one, name, used))
             for name, sign in zip(indicators, signs, strict=True)]
            for one in racing
        ])  # fmt: skip
        keep = max(FINALISTS, len(left) // KEPT)
        left = [left[place] for place in best_first(score)[:keep]]
    fresh = range(seed + seeds, seed + seeds + replications)
    runs.run([scenario, *(funded[at] for at in left)], fresh)
    rounds.append((len(left), replications, weeks))
    finalists = [funded[at] for at in left]
    first = [signs[0] * np.nanmean(runs.values(one, indicators[0], fresh)) for one in finalists]
    best = int(np.argmax(first))
    return Allocation(
        scenario.name, budget, keys, tuple(indicators), left_out, tuple(rounds), best,
        _table(scenario, finalists, best, indicators, signs, fresh, runs),
        pd.DataFrame(money[left], columns=list(keys)).rename_axis("split"),
    )  # fmt: skip


def best_first(score: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rows ordered by front, the first front first; higher scores are better. [N, K] -> [N]

    Within a front the order is that of the sum of the standardised scores.
    """
    spread = score.std(axis=0)
    standard = (score - score.mean(axis=0)) / np.where(spread > 0, spread, 1)
    rank = np.zeros(len(score), dtype=int)
    left, level = np.arange(len(score)), 0
    while left.size:
        front = left[on_front(score[left])]
        rank[front] = level
        left, level = np.setdiff1d(left, front), level + 1
    return np.lexsort((-standard.sum(axis=1), rank))


def on_front(score: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Rows that no other row beats: none is at least as good everywhere and better somewhere."""
    no_worse = (score[:, None, :] >= score[None, :, :]).all(axis=2)
    better = (score[:, None, :] > score[None, :, :]).any(axis=2)
    return ~(no_worse & better).any(axis=0)


def _funded(free: Scenario, keys: Sequence[str], money: NDArray[np.float64]) -> Scenario:
    values = {key: float(one) for key, one in zip(keys, money, strict=True)}
    return replace(variant(free, values), name=f"{free.name}, another split")


def _table(
    scenario: Scenario,
    funded: Sequence[Scenario],
    best: int,
    indicators: Sequence[str],
    signs: NDArray[np.int64],
    seeds: Sequence[int],
    runs: ReplicatedRuns,
) -> pd.DataFrame:
    parts = [key for key in runs.indicators(scenario, seeds[0]) if key.startswith(PARTS)]
    measured = dict.fromkeys([*indicators, *parts])
    base = {key: runs.values(scenario, key, seeds) for key in measured}
    splits = {
        str(number): {key: runs.values(one, key, seeds) for key in measured}
        for number, one in enumerate(funded)
    }
    rest = {name: values for name, values in splits.items() if name != str(best)}
    behind = {
        (row["scenario"], row["indicator"]): row
        for row in judged(splits[str(best)], rest, indicators)
    }
    itself = {"difference": 0.0, "low": 0.0, "high": 0.0, "verdict": "identical"}
    rows: list[dict[str, Any]] = []
    better: list[bool] = []
    sign_of = dict(zip(indicators, signs.tolist(), strict=True))
    for row in judged(base, splits, indicators):
        name = row["indicator"]
        if name not in sign_of:
            continue
        better.append(sign_of[name] * settled(row) > 0)
        gap = behind.get((row["scenario"], name), itself)
        rows.append(
            {"split": int(row["scenario"]), "indicator": name}
            | {key: row[key] for key in ("base", "difference", "low", "high", "verdict", "n")}
            | {"behind": gap["difference"], "behind_low": gap["low"], "behind_high": gap["high"],
               "behind_verdict": gap["verdict"]}
        )  # fmt: skip
    table = pd.DataFrame(rows)
    wide = table.pivot_table(index="split", columns="indicator", values="difference")
    score = wide[list(indicators)].to_numpy(dtype=float) * signs.astype(float)
    front = on_front(np.vstack([score, np.zeros(len(indicators))]))[:-1]
    front &= any(better)
    table["front"] = front[table["split"].to_numpy()]
    return table


def _sign(name: str) -> int:
    direction = indicator_of(name).direction
    if direction == "neither":
        raise InputError(f"{name}: neither direction is better, so no split can be best in it.")
    return 1 if direction == "up" else -1
