"""Where two runs under the same luck part, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tocsin.experiments.telling.levers import levers, sentence
from tocsin.experiments.telling.sentences import LoggedEvent, told
from tocsin.simulation.recording.indicators import label_of
from tocsin.simulation.recording.quantities import Quantity
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.wording import written
from tocsin.simulation.steering import LiveRun

MOST = 6
GROUND = (
    "produced", "delivered", "seized", "lost", "arrests", "operations", "networks_active",
    "networks_dismantled", "networks_failed", "market_price",
)  # fmt: skip


@dataclass(frozen=True)
class Parting:
    """The first week in which two runs differ.

    Attributes
    ----------
    week
        None if they are the same so far.
    ground
        The first week in which what moves, is found or is done differs, and not only money or
        paper; None if there is none so far.
    differing
        What differs between the two scenarios, in words.
    measured
        Indicators that differ in that week, in words.
    event
        The first event that only one of them has, in words; empty if there is none.
    """

    week: int | None
    ground: int | None
    differing: tuple[str, ...]
    measured: tuple[str, ...]
    event: str


def parting(first: LiveRun, second: LiveRun) -> Parting:
    """Compare what two runs have measured, week by week, and what they log."""
    differing = tuple(differences(first.scenario, second.scenario))
    one, two = first.columns, second.columns
    week = _apart(first, second, [name for name in one if name in two])
    if week is None:
        return Parting(None, None, differing, (), "")
    ground = _apart(first, second, [name for name in GROUND if name in one])
    shown = ground or week
    measured = [
        _measured(
            name, ((one[name][shown - 1], first.scenario), (two[name][shown - 1], second.scenario))
        )
        for name in (GROUND if ground else one)
        if "[" not in name and not _same(one[name][shown - 1], two[name][shown - 1])
    ]
    return Parting(week, ground, differing, tuple(measured[:MOST]), _event(first, second, shown))


def _apart(first: LiveRun, second: LiveRun, names: list[str]) -> int | None:
    """The first week in which one of these columns differs."""
    weeks = min(first.week, second.week)
    apart = weeks
    for name in names:
        a, b = first.columns[name][:weeks], second.columns[name][:weeks]
        unequal = (a != b) & ~((a != a) & (b != b))
        if unequal.any():
            apart = min(apart, int(np.argmax(unequal)))
    return None if apart == weeks else apart + 1


def _same(a: Any, b: Any) -> bool:
    return bool(a == b or (a != a and b != b))


def _measured(name: str, values: Sequence[tuple[Any, Scenario]]) -> str:
    """Two values of an indicator in all their digits, which may differ by very little.

    Each has the unit of its own world, which is said once if it is the same.
    """
    found = []
    for value, world in values:
        written = Quantity.of(name, world)
        said = "undefined" if np.isnan(value) else f"{float(value) * written.scale:,.10g}"
        found.append((said, written.unit))
    (one, unit), (two, other) = found
    if unit != other:
        return (f"{label_of(name)}: {one} {unit} in the first, {two} {other} in the "
                "second")  # fmt: skip
    unit = f" ({unit})" if unit else ""
    return f"{label_of(name)}{unit}: {one} in the first, {two} in the second"


def differences(first: Scenario, second: Scenario) -> list[str]:
    """What two scenarios of one world state differently: values, then the schedule."""
    known = {lever.key: lever for lever in levers(first.parameters)}
    one = dict(_flat(first.parameters.model_dump()))
    two = dict(_flat(second.parameters.model_dump()))
    lines = []
    for key in sorted(one.keys() | two.keys()):
        if one.get(key) == two.get(key):
            continue
        if key in known:
            said = [sentence(known[key], values.get(key)) for values in (one, two)]
            lines.append(f"{known[key].name}: {said[0]} in the first, {said[1]} in the second")
        else:
            said = [written(values[key]) if values.get(key) is not None else "none"
                    for values in (one, two)]  # fmt: skip
            lines.append(f"{key}: {said[0]} in the first, {said[1]} in the second")
    if len(lines) > MOST:
        lines = [*lines[:MOST], f"and {len(lines) - MOST} more values"]
    if first.schedule != second.schedule:
        lines.append("what is scheduled, and when")
    return lines


def _flat(table: dict[str, Any], before: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{before}{name}.")
        else:
            rows.append((f"{before}{name}", value))
    return rows


def _event(first: LiveRun, second: LiveRun, week: int) -> str:
    """The first event up to a week that only one of two runs has."""
    rows = [
        [LoggedEvent(*row) for row in run.model.world.log.since(0) if int(row[1]) <= week]  # pyright: ignore
        for run in (first, second)
    ]
    ids = [{row.event_id for row in log} for log in rows]
    only = [
        (event.week, number, event)
        for number, log in enumerate(rows)
        for event in log
        if event.event_id not in ids[1 - number]
    ]
    if not only:
        return ""
    at, number, event = min(only, key=lambda entry: entry[:2])
    which, run = (("first", first), ("second", second))[number]
    return f"Only in the {which}, in week {at}: {told(event, run.model)}"
