"""Goods: whether what several scenarios count is the same, so that it may be subtracted.

A row without brackets stands for the headline commodity of its scenario. Where that is another
one, or the same name in another unit, a difference would take persons from kilograms.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from tocsin.simulation.errors import InputError
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.scenario.files import Scenario

HEADLINE = "measurement.headline"
FIXED = re.compile(r"measurement\.headline|commodities\.[^.]+\.unit")


def mixed(worlds: Mapping[str, Parameters]) -> str:
    """Why scenarios, by name, do not count the same, and what helps; empty if they do."""
    (first, base), *others = worlds.items()
    head = base.measurement.headline
    for name, one in others:
        other = one.measurement.headline
        units = base.commodities[head].unit, one.commodities[other].unit
        if other != head or units[0] != units[1]:
            return (
                f"{first} speaks of {head} ({units[0]}) and {name} of {other} ({units[1]}), so "
                f"rows without brackets cannot be subtracted; {_way_out(list(worlds.values()))}."
            )
        for good in base.commodities.keys() & one.commodities.keys():
            units = base.commodities[good].unit, one.commodities[good].unit
            if units[0] != units[1]:
                return (f"{good} is counted in {units[0]} in {first} and in {units[1]} in {name}; "
                        "give one of them another name.")  # fmt: skip
    return ""


def _way_out(worlds: Sequence[Parameters]) -> str:
    """The headlines that all may have."""
    first = worlds[0].commodities
    shared = [
        name for name, good in first.items()
        if all(name in one.commodities and one.commodities[name].unit == good.unit
               for one in worlds)
    ]  # fmt: skip
    if not shared:
        return "they trade nothing in common, so they cannot be compared"
    head, *more = sorted(shared, key=lambda name: name != worlds[0].measurement.headline)
    also = f" (or {', '.join(more)})" if more else ""
    return f"give all the same one, as with --set {HEADLINE}={head}{also}"


def same_goods(scenarios: Iterable[Scenario], where: str = "compare") -> None:
    """Raise InputError unless all scenarios count the same headline commodity in one unit."""
    if wrong := mixed({one.name: one.parameters for one in scenarios}):
        raise InputError(f"{where}: {wrong}")


def refuse_varied(keys: Iterable[str], where: str = "") -> None:
    """Raise InputError if a study varies what its outcomes count."""
    for key in keys:
        if FIXED.fullmatch(str(key)):
            raise InputError(f"{where}{key}: it cannot be varied, because outcomes of different "
                             "points would count different goods; set it in the base scenario, and "
                             "make a study for each.")  # fmt: skip
