"""Variants: a scenario with other values and another schedule, checked as far as it runs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.schedule import Entry, Schedule


def variant(
    scenario: Scenario, values: Mapping[str, Any], schedule: Schedule | None = None
) -> Scenario:
    """The same scenario with other values by dotted key and, if given, another schedule.

    What is scheduled after the end of a shortened run stays in the schedule and is not checked.

    Raises
    ------
    InputError
        A key, a value or what they make together is not allowed.
    """
    whole = scenario.schedule if schedule is None else schedule
    if not values:
        return replace(scenario, schedule=whole)
    heard = _until(whole, scenario.parameters.world.weeks)
    checked = replace(scenario, schedule=heard, own_schedule=Schedule()).with_(values)
    return replace(checked, schedule=whole, own_schedule=scenario.own_schedule)


def _until(schedule: Schedule, weeks: int) -> Schedule:
    def ends(entry: Entry) -> bool:
        return getattr(entry, "week", getattr(entry, "to_week", 0)) <= weeks

    return Schedule(
        tuple(entry for entry in schedule.changes if ends(entry)),
        tuple(entry for entry in schedule.shocks if ends(entry)),
        tuple(entry for entry in schedule.treatments if ends(entry)),
    )
