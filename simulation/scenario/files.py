"""Scenario files: what a scenario states, what it inherits, and whether it makes sense.

A scenario is a TOML file that states only what changes against its parent, with a reason or a
source for every value. `docs/scenarios.md` describes the format for authors. Reading is all or
nothing: the first fault is one sentence with file, key, value and what is allowed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.map_files import read_map
from tocsin.simulation.mechanism import Mechanism, together
from tocsin.simulation.parameters import Parameters
from tocsin.simulation.recording.notebooks import view
from tocsin.simulation.scenario.checks import check_world
from tocsin.simulation.scenario.overrides import (
    assemble,
    look_up,
    parse_key,
    replaced,
    with_mechanisms,
)
from tocsin.simulation.scenario.reading import HEAD, SCHEMA, TABLES, PlacedError, ScenarioFile
from tocsin.simulation.scenario.schedule import Schedule, read_schedule
from tocsin.simulation.scenario.values import check_value
from tocsin.simulation.scenario.wording import bare_key, fault, written
from tocsin.simulation.state import Laid
from tocsin.simulation.text_files import find as find_file

__all__ = ["Scenario", "load", "names"]

BY_HAND = "set by hand"


def shipped() -> dict[str, Traversable]:
    """Name -> file of every scenario that comes with the package."""
    folders = (entry for entry in resources.files("tocsin.scenarios").iterdir() if entry.is_dir())
    families = (folder for folder in folders if folder.name != "lessons")
    files = (file for family in families for file in family.iterdir())
    found = {file.name[:-5]: file for file in files if file.name.endswith(".toml")}
    return dict(sorted(found.items()))


def shipped_maps() -> dict[str, Traversable]:
    """Name, without ``.map``, -> file of every map that comes with the package."""
    families = (entry for entry in resources.files("tocsin.scenarios").iterdir() if entry.is_dir())
    files = (file for family in families for file in family.iterdir())
    found = {file.name[:-4]: file for file in files if file.name.endswith(".map")}
    return dict(sorted(found.items()))


def names() -> list[str]:
    """Names of the shipped scenarios, in alphabetical order."""
    return list(shipped())


@dataclass(frozen=True)
class Scenario(Laid):
    """One scenario, whole and checked.

    Attributes
    ----------
    name, title, question, author, description
        Who it is, what it asks, and who says so.
    family
        Folder of the file; scenarios of one family share a world.
    parent, lineage
        Name of the parent (None in a root), and all names from the root to this one.
    path
        File it was read from.
    stated
        Dotted key -> value, as stated in this file and by hand; the rest is inherited.
    reasons
        Dotted key -> why this value, or where it comes from, for all that any file states.
    parameters
        All values, inherited ones included.
    schedule
        Changes, shocks and treatments, those of the parents first.
    own_schedule
        What this file adds to it.
    grid
        The map.
    primary
        Outcomes that a comparison judges, its own or its parent's; none stated, the headlines.
    mechanisms
        Mechanisms from outside the package, its parent's first.
    """

    name: str
    title: str
    question: str
    author: str
    description: str
    family: str
    parent: str | None
    lineage: tuple[str, ...]
    path: str
    stated: dict[str, Any]
    reasons: dict[str, str]
    parameters: Parameters
    schedule: Schedule
    own_schedule: Schedule
    grid: BorderGrid
    overrides: dict[str, Any] = field(default_factory=dict)
    primary: tuple[str, ...] = ()
    mechanisms: tuple[type[Mechanism], ...] = ()

    def __repr__(self) -> str:
        weeks = self.parameters.world.weeks
        return f"<Scenario {self.name}: {self.title!r}, {self.family}, {weeks} weeks>"

    def _repr_html_(self) -> str:
        """What a notebook shows: what it asks, and what it states itself, set by hand first."""
        rows = [
            (key, written(value), self.reasons.get(key, BY_HAND))
            for key, value in {**self.overrides, **self.stated}.items()
        ]
        parent = f", from {self.parent}" if self.parent else ""
        return view(f"{self.title} ({self.name})",
                    f"{self.question} {self.parameters.world.weeks} weeks{parent}.",
                    ("key", "value", "reason or source"), rows)  # fmt: skip

    def value(self, key: str) -> Any:
        """The value in force of a dotted key; raises InputError for an unknown one."""
        return look_up(self.parameters, parse_key(key))

    def with_(self, values: Mapping[str, Any], folder: Path | None = None) -> "Scenario":
        """The same scenario with other values by dotted key, checked like a file.

        Parameters
        ----------
        values
            Value by dotted key.
        folder
            Where a map is looked up; by default the folder of this scenario's file.

        Raises
        ------
        InputError
            A key, a value or what they make together is not allowed.
        """
        checked: dict[str, Any] = {}
        for dotted, value in values.items():
            key = parse_key(dotted, value)
            if key.dotted in checked:
                raise fault(key.dotted, value, "set twice", "once is enough")
            checked[key.dotted] = check_value(key.dotted, key.field, value)
        grid = self.grid
        if "world.map" in checked:
            grid = _read_map(checked["world.map"], folder or Path(self.path).parent)
        changed = replace(
            self,
            parameters=replaced(self.parameters, checked),
            grid=grid,
            stated={**self.stated, **checked},
            reasons={**self.reasons, **dict.fromkeys(checked, BY_HAND)},
            overrides={**self.overrides, **checked},
        )
        check_world(changed.parameters, changed.schedule, changed.own_schedule, grid)
        return changed

    def with_schedule(self, added: Schedule) -> "Scenario":
        """The same scenario with further entries; raises InputError if they make no sense in it."""
        if not added.entries():
            return self
        own, schedule = self.own_schedule + added, self.schedule + added
        check_world(self.parameters, schedule, own, self.grid)
        return replace(self, schedule=schedule, own_schedule=own)

    def with_length(self, weeks: int) -> "Scenario":
        """The same scenario over so many weeks; what is scheduled later does not happen."""
        return replace(self, parameters=replaced(self.parameters, {"world.weeks": weeks}))

    def with_mechanisms(self, mechanisms: Iterable[type[Mechanism]]) -> "Scenario":
        """The same scenario with further mechanisms, their levers at the defaults.

        Raises
        ------
        InputError
            Something is no mechanism, or two put other decisions in the same place.
        """
        all_of_them = together(self.mechanisms, mechanisms, TABLES)
        parameters = with_mechanisms(self.parameters, all_of_them)
        return replace(self, mechanisms=all_of_them, parameters=parameters)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that a model can see: values, schedule, map and mechanisms."""
        said = {"reason", "source"}
        entries = [
            [table, entry.model_dump(mode="json", exclude=said)]
            for table, entry in self.schedule.entries()
        ]
        values = self.parameters.model_dump(mode="json", exclude={"world": {"map"}})
        if not self.parameters.agencies:  # digests of worlds with national agencies alone stay
            del values["agencies"]
        seen = [values, entries]
        added = [[kind.name, kind.digest()] for kind in self.mechanisms]
        text = json.dumps([*seen, self.grid.digest, *added], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """A whole scenario file that states what this one changes against its parent."""
        lines = [f"schema = {SCHEMA}"]
        lines += [f"{key} = {written(getattr(self, key))}" for key in HEAD]
        if self.parent is not None:
            lines.append(f"parent = {written(self.parent)}")
        if self.mechanisms:
            lines.append(f"mechanisms = {written([kind.name for kind in self.mechanisms])}")
        tables: dict[str, list[str]] = {}
        for dotted, value in self.stated.items():
            key = parse_key(dotted)
            table = f"{key.group}.{bare_key(key.name)}" if key.name else key.group
            reason = written(self.reasons[dotted])
            line = f"{key.row} = {{ value = {written(value)}, reason = {reason} }}"
            tables.setdefault(table, []).append(line)
        for table, rows in tables.items():
            lines += ["", f"[{table}]", *rows]
        for table, entry in self.own_schedule.entries():
            stated = entry.model_dump(mode="json", by_alias=True, exclude_unset=True)
            lines += ["", f"[[{table}]]", *(f"{k} = {written(v)}" for k, v in stated.items())]
        if self.primary:
            lines += ["", "[primary]", f"outcomes = {written(list(self.primary))}"]
        return "\n".join(lines) + "\n"


def load(name: str | Path) -> Scenario:
    """Read a scenario by the name of a shipped one, or by path.

    Raises
    ------
    InputError
        There is no such scenario, or it is not well formed; the sentence says what to mend.
    """
    return load_beside(str(name), Path())


def load_beside(name: str, folder: Path | None) -> Scenario:
    """Read the scenario that a file in `folder` names; `tocsin.simulation.text_files.find` has the
    rule.

    `folder` is None for a text that lies in none: only shipped scenarios are meant then.

    Raises InputError as `load` does.
    """
    known = shipped()
    found = find_file(name, folder, known, ".toml", "scenario")
    if found is None and folder is not None and (name.endswith(".toml") or Path(name).name != name):
        found = folder / name
    if found is None:
        raise InputError(
            f"scenario {name!r}: there is no such scenario; `tocsin scenarios` lists those that "
            f"are shipped{nearest(name, [*known, *_beside(folder, '.toml')])}."
        )
    return _build(found, ())


def _beside(folder: Path | None, ending: str) -> list[str]:
    """Names of the files in a folder that have an ending."""
    return [] if folder is None else sorted(path.name for path in folder.glob(f"*{ending}"))


def _find_parent(name: str, file: ScenarioFile) -> Traversable:
    known = shipped()
    found = find_file(name, file.folder, known, ".toml", "scenario", Path(str(file.source)))
    if found is None:
        raise fault("parent", name, "there is no such scenario",
                    "allowed is a file beside this one or a shipped scenario, as `tocsin "
                    "scenarios` lists them",
                    nearest(name, [*known, *_beside(file.folder, ".toml")]))  # fmt: skip
    return found


def _build(source: Traversable, children: tuple[str, ...]) -> Scenario:
    file = ScenarioFile.open(source)
    try:
        return _assembled(file, children)
    except PlacedError:
        raise
    except InputError as wrong:
        raise PlacedError(f"{file.source.name}: {wrong}") from None


def _assembled(file: ScenarioFile, children: tuple[str, ...]) -> Scenario:
    named = file.mechanisms()  # first: of one that is not installed, the levers are unknown keys
    head = file.head()
    source = file.source
    place = str(source.resolve()) if isinstance(source, Path) else str(source)
    parent = None
    if "parent" in head:
        if place in children:
            circle = " -> ".join(Path(child).stem for child in (*children, place))
            raise fault("parent", head["parent"], f"parents run in a circle ({circle})",
                        "a parent is a scenario that does not come from this one")  # fmt: skip
        parent = _build(_find_parent(head["parent"], file), (*children, place))
    values, reasons = file.values()
    own = read_schedule(file.table)
    primary = file.primary()
    if parent is not None:
        mechanisms = together(parent.mechanisms, named, TABLES)
        parameters = replaced(with_mechanisms(parent.parameters, mechanisms), values)
        schedule = parent.schedule + own
        grid = parent.grid
        primary = primary or parent.primary
        reasons = parent.reasons | reasons
        lineage = (*parent.lineage, file.name)
    else:
        mechanisms = together((), named, TABLES)
        parameters, schedule, lineage = assemble(values, mechanisms), own, (file.name,)
        grid = None
    if grid is None or "world.map" in values:
        grid = _read_map(parameters.world.map, file.folder)
    scenario = Scenario(
        name=file.name, title=head["title"], question=head["question"], author=head["author"],
        description=head["description"], family=file.folder.name, parent=head.get("parent"),
        lineage=lineage, path=str(source), stated=values, reasons=reasons, parameters=parameters,
        schedule=schedule, own_schedule=own, grid=grid, primary=primary, mechanisms=mechanisms,
    )  # fmt: skip
    check_world(parameters, schedule, own, grid)
    return scenario


def _read_map(name: str, folder: Path) -> BorderGrid:
    """A map beside the scenario file, or one that is shipped."""
    known = shipped_maps()
    found = find_file(name, folder, known, ".map", "map")
    if found is None:
        maps = [f"{stem}.map" for stem in known]
        raise fault("world.map", name, "there is no such map",
                    f"allowed is a file beside the scenario or one of {', '.join(maps)}",
                    nearest(name, [*_beside(folder, ".map"), *maps]))  # fmt: skip
    return read_map(found)
