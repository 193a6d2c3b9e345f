"""Provenance: which code, packages, scenario and seeds stand behind a result."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tocsin.experiments.design.study import Study
from tocsin.simulation.geography.map_files import map_text
from tocsin.simulation.parameters import COLLECTIONS, Parameters, groups_of
from tocsin.simulation.scenario.files import Scenario, load
from tocsin.simulation.scenario.schedule import Schedule
from tocsin.simulation.state import FINGERPRINT_FORMAT

PACKAGES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")


def manifest(study: Study, shard: tuple[int, int] | None = None) -> dict[str, Any]:
    """What a store says about itself."""
    told: dict[str, Any] = {
        "kind": "study", "study": study.described(), "code": code_version(),
        "versions": versions(), "shard": {"is": f"{shard[0]}/{shard[1]}" if shard else "whole"},
        "points": len(study.points()),
        "fingerprint_format": FINGERPRINT_FORMAT,
        "seeds": f"replication k of every point has seed {study.seed} + k",
    }  # fmt: skip
    if study.base is not None:
        told["scenario"] = described(study.base)
    return told


def described(scenario: Scenario) -> dict[str, Any]:
    """A scenario in full, so that a reader needs no other file."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "author": scenario.author,
        "description": scenario.description,
        "family": scenario.family,
        "parent": scenario.parent,
        "lineage": list(scenario.lineage),
        "digest": scenario.digest,
        "overrides": scenario.overrides,
        "stated": scenario.to_toml(),
        "values": scenario.stated,
        "reasons": scenario.reasons,
        "schedule": _entries(scenario.schedule),
        "own_schedule": _entries(scenario.own_schedule),
        "parameters": scenario.parameters.model_dump(mode="json"),
        "mechanisms": [kind.described() for kind in scenario.mechanisms],
    }


def _entries(schedule: Schedule) -> dict[str, list[dict[str, Any]]]:
    """A schedule as it would stand in a scenario file."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for table, entry in schedule.entries():
        stated = entry.model_dump(mode="json", by_alias=True, exclude_unset=True)
        lists.setdefault(table, []).append(stated)
    return lists


def versions() -> dict[str, str]:
    """Versions of code, Python and the packages on which numbers depend."""
    own = {"tocsin": version("tocsin"), "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}


@cache
def code_version() -> dict[str, str]:
    """Version of the code, and a digest of the model's sources."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(resources.files("tocsin.simulation"))).rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return {"tocsin": version("tocsin"), "sources": digest.hexdigest()[:16]}


def changed_code(told: dict[str, Any]) -> str:
    """Say how the code that made a store differs from the code now; empty if it does not."""
    old, new = told["code"], code_version()
    if old == new:
        return ""
    was, now = (f"{code['tocsin']}, sources {code['sources']}" for code in (old, new))
    return f"the code has changed since (it was {was}; it is {now})"


def changed_mechanisms(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Names of mechanisms that two described scenarios have, each with code of its own."""
    digests = {one["name"]: one["digest"] for one in now.get("mechanisms", ())}
    return [one["name"] for one in before.get("mechanisms", ())
            if digests.get(one["name"], one["digest"]) != one["digest"]]  # fmt: skip


def whole(scenario: Scenario) -> dict[str, str]:
    """Files, by name, from which the scenario can be loaded again without its parents.

    The scenario file states every value; the map lies beside it.
    """
    drawn = f"{scenario.name}.map"
    values = {**dict(_flat(scenario.parameters)), "world.map": drawn}
    alone = replace(
        scenario, parent=None, lineage=(scenario.name,), stated=values, overrides={},
        own_schedule=scenario.schedule,
        reasons={key: scenario.reasons.get(key, "default of the table") for key in values},
    )  # fmt: skip
    return {f"{scenario.name}.toml": alone.to_toml(), drawn: map_text(scenario.grid)}


def reloaded(folder: Path, told: dict[str, Any]) -> tuple[Scenario, bool]:
    """The scenario of a store, and whether it is the one that the store was made with."""
    scenario = load(folder / f"{told['scenario']['name']}.toml")
    return scenario, scenario.digest == told["scenario"]["digest"]


def _flat(parameters: Parameters) -> Iterator[tuple[str, Any]]:
    """Every value that is set, by dotted key."""
    for group in groups_of(parameters):
        for row, value in getattr(parameters, group):
            if value is not None:
                yield f"{group}.{row}", value
    for collection in COLLECTIONS:
        for name, entry in getattr(parameters, collection).items():
            for row, value in entry:
                if value is not None:
                    yield f"{collection}.{name}.{row}", value
