"""Levers as people move them, all derived from the table of parameters.

A new lever in the table appears here by itself, folded under its group. `FRONT` names the few
that stand in front.
"""

import re
import types
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from tocsin.simulation.parameters import Parameters, table_of
from tocsin.simulation.recording.quantities import plain
from tocsin.simulation.scenario.overrides import parse_key
from tocsin.simulation.scenario.values import bounds
from tocsin.simulation.steering import LiveRun

FRONT = (
    "cooperation.sharing",
    "intelligence.delay_weeks",
    "capacity.funding_musd_per_year",
    "operations.patrol_budget",
    "operations.unpredictability",
)
NAMES = {
    "cooperation.sharing": "Intelligence shared",
    "cooperation.mandates": "Mandates of the coordinator",
    "intelligence.delay_weeks": "Delay of shared intelligence",
    "capacity.funding_musd_per_year": "Capacity-building funds",
    "operations.patrol_budget": "Officers on patrol",
    "operations.unpredictability": "Unpredictable patrols",
}
GROUPS = {"countries": "Each country", "igo": "The coordinator"}
ENDINGS = r"_(weeks|musd_per_year|usd_per_year|usd|per_year)$"
Kind = Literal["number", "whole", "choice", "truth", "words"]


@dataclass(frozen=True)
class ScenarioLever:
    """One lever of a scenario, before anybody moves it.

    `words` are the allowed ones of a choice; `step` is the grain of a slider.
    """

    key: str
    name: str
    group: str
    front: bool
    kind: Kind
    low: float | None
    high: float | None
    step: float
    words: tuple[str, ...]
    unit: str
    meaning: str
    mandate: str | None


def levers(parameters: Parameters) -> list[ScenarioLever]:
    """All levers of a world: those in front first, then group by group, then by country."""
    found: list[ScenarioLever] = []
    for row in table_of(parameters):
        if row.kind != "lever":
            continue
        if "*" not in row.key:
            found.append(_lever(row.key, row.meaning, row.unit, row.mandate))
        elif row.key.startswith("countries."):
            found += [
                _lever(row.key.replace("*", code), row.meaning, row.unit, row.mandate,
                       f"{parameters.countries[code].name}: ")
                for code in parameters.countries
            ]  # fmt: skip
    place = {key: number for number, key in enumerate(FRONT)}
    return sorted(found, key=lambda lever: place.get(lever.key, len(place)))


def _lever(
    key: str, meaning: str, unit: str, mandate: str | None, before: str = ""
) -> ScenarioLever:
    parsed = parse_key(key)
    annotation = _plain(parsed.field.annotation)
    low, high = bounds(parsed.field)
    kind: Kind = "number"
    words: tuple[str, ...] = ()
    if annotation is bool:
        kind = "truth"
    elif annotation is int:
        kind = "whole"
    elif get_origin(annotation) is Literal:
        kind, words = "choice", get_args(annotation)
    elif get_origin(annotation) is tuple:
        kind, words = "words", get_args(get_args(annotation)[0])
    group = parsed.group.replace("_", " ")
    return ScenarioLever(
        key=key,
        name=before + (NAMES.get(key) or plain_name(parsed.row)),
        group=GROUPS.get(parsed.group) or group.capitalize(),
        front=key in FRONT,
        kind=kind,
        low=low,
        high=high,
        step=_grain(low, high, kind),
        words=words,
        unit="" if unit in ("share", "factor", "probability") else unit,
        meaning=meaning,
        mandate=mandate,
    )


def plain_name(row: str) -> str:
    """The name of a row as people read it, ``delay_weeks`` as Delay."""
    return re.sub(ENDINGS, "", row).replace("_", " ").capitalize()


def _plain(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _grain(low: float | None, high: float | None, kind: Kind) -> float:
    if kind == "whole" or low is None or high is None:
        return 1.0
    for step in (0.01, 0.05, 0.1, 0.5, 1.0, 5.0):
        if (high - low) / step <= 200:
            return step
    return 10.0


def shown(run: LiveRun, found: list[ScenarioLever]) -> list[dict[str, Any]]:
    """Levers with their values in the week to come, as the page takes them."""
    allowed = run.value("cooperation.mandates")
    rows = []
    for lever in found:
        default = run.origin.value(lever.key)
        value = run.value(lever.key)
        if value is None and lever.key.endswith(".sharing"):
            value, default = run.value("cooperation.sharing"), None
        missing = lever.mandate if lever.mandate and lever.mandate not in allowed else None
        rows.append({
            "key": lever.key, "name": lever.name, "group": lever.group, "front": lever.front,
            "kind": lever.kind, "low": lever.low, "high": lever.high, "step": lever.step,
            "words": list(lever.words), "unit": lever.unit, "meaning": lever.meaning,
            "value": list(value) if isinstance(value, tuple) else value,
            "default": list(default) if isinstance(default, tuple) else default,
            "missing": f"needs the mandate to {missing}" if missing else "",
        })  # fmt: skip
    return rows


def sentence(lever: ScenarioLever, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, int | float):
        return f"{plain(value)} {lever.unit}".strip()
    return str(value)
