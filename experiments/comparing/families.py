"""Families: which outcomes a comparison judges, and the rows of its table.

Some outcomes are declared as primary before a run is made, the five headline indicators by
default. They form one family over all scenarios, and only they get a verdict. With m rows in the
family each interval is made at a level of 5 % / m (Bonferroni), so that all of them hold together
with 95 %, however the outcomes depend on each other. Resampling would give intervals about a
tenth narrower, but its critical value rests on the far tail of the pairs at hand, which a few
pairs do not show. All other rows are exploratory: a plain 95 % interval and no verdict.

Left out of the count are rows that cannot be claimed wrongly: those that no pair changed, those
that are undefined, and those that the scenario sets. Rows with the same differences in all pairs
are one member, whatever their names are, and have one interval, also where a repeat is not primary.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.comparing.relative import relative
from tocsin.experiments.comparing.statistics import (
    LEVEL,
    SAME,
    Paired,
    detectable,
    fewest_pairs,
    paired,
    probability_better,
    verdict,
)
from tocsin.simulation.errors import InputError
from tocsin.simulation.recording.indicators import HEADLINES, MOVED, indicator_of, of_a_run
from tocsin.simulation.scenario.files import Scenario

COLUMNS = (
    "scenario", "indicator", "base", "difference", "low", "high", "confidence", "relative",
    "probability_better", "detectable", "verdict", "n",
)  # fmt: skip
EXPLORATORY = "exploratory"
SET = "set by the scenario"
AGAINST_BASE = MOVED.name
TOTAL, PARTS = "cost_total", "cost_"

Values = Mapping[str, NDArray[np.float64]]


def primary_of(scenarios: Sequence[Scenario], asked: Sequence[str] | None) -> tuple[str, ...]:
    """Names of the primary outcomes: those asked for, those a scenario declares, or the headlines.

    Raises
    ------
    InputError
        A name is none of these scenarios' indicators or stands there twice, or two scenarios
        declare different ones.
    """
    declared = {one.name: one.primary for one in scenarios if one.primary}
    if asked is None and len(set(declared.values())) > 1:
        first, second = list(declared)[:2]
        raise InputError(f"[primary]: {first} and {second} declare different outcomes; choose with "
                         "--primary, or with primary= in Python.")  # fmt: skip
    chosen = tuple(next(iter(declared.values()), HEADLINES) if asked is None else asked)
    if not chosen:
        raise InputError("primary: no outcome is named; name one or more, as delivered.")
    for name in chosen:
        if chosen.count(name) > 1:
            raise InputError(f"primary {name}: named twice; once is enough.")
        _measured(name, scenarios[0])
    return chosen


def _measured(name: str, scenario: Scenario) -> None:
    """Raise InputError if runs of the scenario have no such indicator."""
    per = of_a_run(name).per
    found = re.fullmatch(r"[^\[]+\[(.+)\]", name)
    countries, goods = scenario.grid.codes, scenario.parameters.commodities
    if found is None:
        if per in ("country", "persons") or "[" in name:
            raise InputError(f"primary {name}: not the form of this indicator; it is written "
                             f"{name.partition('[')[0]}[NAME].")  # fmt: skip
        return
    people = tuple(good for good, row in goods.items() if row.unit == "persons")
    known = {"country": countries, "commodity": tuple(goods), "persons": people}
    if per not in known or found[1] not in known[per]:
        allowed = f"allowed are {', '.join(known[per])}" if known.get(per) else "it has no parts"
        raise InputError(f"primary {name}: {scenario.name} does not measure it; {allowed}.")


def too_few(pairs: int, primary: Sequence[str], others: int) -> str:
    """What so few pairs cannot decide, as a sentence; empty if they are enough."""
    rows = len(primary) * others
    least = fewest_pairs(rows)
    if pairs >= least:
        return ""
    return (f"{pairs} pairs are too few to call a difference clear that is alike in all pairs or a "
            f"count of few values: with {rows} primary rows this takes {least} pairs.")  # fmt: skip


def rows(
    base: Values, others: Mapping[str, Values], primary: Sequence[str]
) -> list[dict[str, Any]]:
    """Rows of the table: a row for each scenario but the base, and each common indicator.

    Parameters
    ----------
    base
        Values of the base by indicator, one a pair.
    others
        The same of each other scenario.
    primary
        Names of the outcomes that are judged.
    """
    plain = {
        (name, key): paired(base[key], values[key], count=counts(key))
        for name, values in others.items()
        for key in base
        if key in values
    }
    fixed = {one for one in plain if is_set(one[1], base, others[one[0]])}
    members: list[tuple[str, str]] = []
    for one in ((name, key) for name in others for key in primary):
        if one not in plain or one in fixed or not plain[one].moved or np.isnan(plain[one].low):
            continue
        if not any(repeats(base, others, one, first) for first in members):
            members.append(one)
    level = LEVEL / max(1, len(members))
    made = []
    for (name, key), alone in plain.items():
        base_values, values = base[key], others[name][key]
        judged, shown = key in primary, alone
        if alone.moved and (name, key) not in fixed:
            same = (one for one in members if repeats(base, others, (name, key), one))
            first = next(same, None)
            judged = judged or first is not None
            if judged:
                of = key if first is None else first[1]
                shown = paired(base_values, values, level, counts(of))
                alone = paired(base_values, values, count=counts(of))
        made.append(_row(name, key, (base_values, values), shown, alone, judged,
                         (name, key) in fixed))  # fmt: skip
    return made


def repeats(
    base: Values, others: Mapping[str, Values], one: tuple[str, str], first: tuple[str, str]
) -> bool:
    """Whether a row (scenario, indicator) says what another one says, whatever their names are.

    It does if both have the same unit and, to rounding, the same difference in every pair, as the
    only commodity and the headline have, or two scenarios that come out alike.
    """
    (name, key), (other, known) = one, first
    if indicator_of(key).unit != indicator_of(known).unit:
        return False
    mine, theirs = (_gap(base[of], others[who][of]) for who, of in ((name, key), (other, known)))
    return bool(np.allclose(mine[0], theirs[0], rtol=0, atol=max(mine[1], theirs[1]),
                            equal_nan=True))  # fmt: skip


def _gap(
    base: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Differences pair by pair, and how much of them is rounding."""
    values = np.abs(np.concatenate([base, other]))
    with np.errstate(invalid="ignore"):
        return other - base, SAME * float(values[np.isfinite(values)].max(initial=0.0))


def is_set(key: str, base: Values, other: Values) -> bool:
    """Whether the scenario sets this difference: it is the same in every pair, and no luck.

    It must be an outcome that chance does not touch, or the total of costs, if every part of it
    that differs is one. An outcome that chance can touch is never set, however alike its
    differences are.
    """
    gap, grain = _gap(base[key], other[key])
    if gap.size < 2 or not np.isfinite(gap).all():
        return False
    if np.ptp(gap) > 2 * grain or abs(gap[0]) <= grain:
        return False
    if key != TOTAL:
        return indicator_of(key).by_scenario
    parts = [one for one in base if one.startswith(PARTS) and one != TOTAL and one in other]
    moved = {one: _gap(base[one], other[one])[0] for one in parts}
    if not np.allclose(np.sum([*moved.values(), 0 * gap], axis=0), gap, rtol=0, atol=4 * grain):
        return False
    return all(indicator_of(one).by_scenario for one, part in moved.items()
               if np.abs(part).max() > grain)  # fmt: skip


def settled(row: Mapping[str, Any]) -> int:
    """1 where the interval that a row shows is above zero, -1 below; 0 if it is not settled.

    A difference that the scenario sets needs no interval.
    """
    if row["verdict"] == SET:
        return int(np.sign(row["difference"]))
    return int(row["low"] > 0) - int(row["high"] < 0)


def with_ends(row: Mapping[Any, Any]) -> dict[Any, Any]:
    """A row as it is drawn: a difference that the scenario sets is a point."""
    if row["verdict"] != SET:
        return dict(row)
    return {**row, "low": row["difference"], "high": row["difference"]}


def counts(key: str) -> bool:
    """Whether an indicator is a count of things, not an amount in a small unit."""
    known = indicator_of(key)
    return known.whole and known.unit not in ("g", "USD")


def _row(
    name: str,
    key: str,
    values: tuple[NDArray[np.float64], NDArray[np.float64]],
    shown: Paired,
    alone: Paired,
    judged: bool,
    fixed: bool,
) -> dict[str, Any]:
    direction = indicator_of(key).direction
    said = SET if fixed else verdict(shown, alone, direction)
    if not judged and said not in (SET, "identical", "undefined"):
        said = EXPLORATORY
    nothing = float("nan")
    chance = probability_better(*values, direction)
    return {
        "scenario": name, "indicator": key, "base": shown.base, "difference": shown.difference,
        "low": nothing if fixed else shown.low, "high": nothing if fixed else shown.high,
        "confidence": nothing if fixed or np.isnan(shown.low) else 1 - shown.level,
        "relative": relative(values[0], shown.difference, indicator_of(key).unit),
        "probability_better": nothing if chance is None else chance,
        "detectable": nothing if fixed else detectable(shown), "verdict": said, "n": shown.n,
    }  # fmt: skip


def row_of_movement(name: str, moved: NDArray[np.float64]) -> dict[str, Any]:
    """The row that says how far the flow has moved against the base; its base is undefined."""
    result, nothing = paired(np.zeros(moved.size), moved), float("nan")
    said = verdict(result, result, "neither")
    return {
        "scenario": name, "indicator": AGAINST_BASE, "base": nothing,
        "difference": result.difference, "low": result.low, "high": result.high,
        "confidence": nothing if np.isnan(result.low) else 1 - result.level, "relative": nothing,
        "probability_better": nothing, "detectable": detectable(result),
        "verdict": said if said in ("identical", "undefined") else EXPLORATORY, "n": result.n,
    }  # fmt: skip
