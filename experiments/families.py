"""Families: which outcomes a comparison judges, and the rows of its table.

Some outcomes are declared as primary before a run is made, the five headline indicators by
default. They form one family over all scenarios, and only they get a verdict. With m rows in the
family each interval is made at a level of 5 % / m (Bonferroni), so that all of them hold together
with 95 %, however the outcomes depend on each other. Resampling would give intervals about a
tenth narrower, but its critical value rests on the far tail of the pairs at hand, which a few
pairs do not show. All other rows are exploratory: a plain 95 % interval and no verdict.

Left out of the count are rows that cannot be claimed wrongly: those that no pair changed, those
that are undefined or repeat another row, and those that the scenario sets.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.relative import relative
from experiments.statistics import (
    LEVEL,
    Paired,
    detectable,
    fewest_pairs,
    paired,
    probability_better,
    verdict,
)
from simulation.errors import InputError
from simulation.indicators import indicator_of
from simulation.scenario import Scenario

COLUMNS = (
    "scenario", "indicator", "base", "difference", "low", "high", "confidence", "relative",
    "probability_better", "detectable", "verdict", "n",
)  # fmt: skip
HEADLINES = (
    "delivered", "interception_rate", "networks_dismantled", "trafficker_profit", "cost_total",
)  # fmt: skip
EXPLORATORY = "exploratory"
SET = "set by the scenario"
AGAINST_BASE = "displacement_from_base"

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
    per = indicator_of(name).per
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
        (name, key): paired(base[key], values[key], count=_counts(key))
        for name, values in others.items()
        for key in base
        if key in values
    }
    family = [
        (name, key)
        for (name, key), result in plain.items()
        if key in primary and _judged(result, base, others[name], key, primary)
    ]
    level = LEVEL / max(1, len(family))
    return [
        _row(name, key, base[key], others[name][key], result, key in primary, level)
        for (name, key), result in plain.items()
    ]


def _judged(result: Paired, base: Values, other: Values, key: str, primary: Sequence[str]) -> bool:
    """Whether a primary row counts in the family."""
    if np.isnan(result.low) or result.unchanged or is_set(key, base[key], other[key]):
        return False
    before = primary[: list(primary).index(key)]
    return not any(repeats(base, other, key, one) for one in before if one in base and one in other)


def repeats(base: Values, other: Values, key: str, first: str) -> bool:
    """Whether a row says what another one says, as of the only commodity and of the headline."""
    return key.partition("[")[0] == first.partition("[")[0] and all(
        np.array_equal(values[key], values[first], equal_nan=True) for values in (base, other)
    )


def is_set(key: str, base: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether the scenario sets this difference: chance touches neither value, and they differ."""
    return bool(
        indicator_of(key).by_scenario
        and base.size > 1
        and np.ptp(base) == 0
        and np.ptp(other) == 0
        and base[0] != other[0]
    )


def _counts(key: str) -> bool:
    """Whether an indicator is a count of things, not an amount in a small unit."""
    known = indicator_of(key)
    return known.whole and known.unit not in ("g", "USD")


def _row(
    name: str,
    key: str,
    base: NDArray[np.float64],
    other: NDArray[np.float64],
    plain: Paired,
    judged: bool,
    level: float,
) -> dict[str, Any]:
    direction = indicator_of(key).direction
    fixed = is_set(key, base, other)
    shown = paired(base, other, level, _counts(key)) if judged and plain.moved else plain
    said = SET if fixed else verdict(shown, plain, direction)
    if not judged and said not in (SET, "identical", "undefined"):
        said = EXPLORATORY
    nothing = float("nan")
    chance = probability_better(base, other, direction)
    return {
        "scenario": name, "indicator": key, "base": shown.base, "difference": shown.difference,
        "low": nothing if fixed else shown.low, "high": nothing if fixed else shown.high,
        "confidence": nothing if fixed or np.isnan(shown.low) else 1 - shown.level,
        "relative": relative(base, shown.difference, indicator_of(key).unit),
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
