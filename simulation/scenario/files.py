"""Scenario files: what a scenario states, what it inherits, and whether it makes sense.

A scenario is a TOML file that states only what changes against its parent, with a reason or a
source for every value. `docs/scenarios.md` describes the format for authors. Reading is all or
nothing: the first fault is one sentence with file, key, value and what is allowed.
"""

import fnmatch
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.geography.grid import BorderGrid
from tocsin.simulation.geography.map_files import read_map
from tocsin.simulation.mechanism import Mechanism, find, model_of, together
from tocsin.simulation.parameters import COLLECTIONS, GROUPS, Parameters
from tocsin.simulation.recording.indicators import of_a_run
from tocsin.simulation.recording.notebooks import view
from tocsin.simulation.scenario.checks import check_world
from tocsin.simulation.scenario.overrides import (
    Key,
    assemble,
    bare_key,
    check_value,
    fault,
    look_up,
    parse_key,
    replaced,
    with_mechanisms,
    written,
)
from tocsin.simulation.scenario.schedule import FORMS, Schedule, read_schedule
from tocsin.simulation.text_files import find as find_file
from tocsin.simulation.text_files import read_text, toml_table

__all__ = ["Scenario", "load", "names"]
from tocsin.simulation.state import Laid

SCHEMA = 1
HEAD = ("title", "question", "author", "description")
TABLES = ("schema", *HEAD, "parent", "mechanisms", "sources", "primary", *GROUPS, *COLLECTIONS,
          *FORMS)  # fmt: skip
FIELDS = ("value", "reason", "source")
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


class _PlacedError(InputError):
    """A fault whose sentence already says in which file it is."""


@dataclass(frozen=True)
class _File:
    """One scenario file on its way to a scenario."""

    name: str
    source: Traversable
    table: dict[str, Any]

    @property
    def folder(self) -> Path:
        return Path(str(self.source)).parent

    @classmethod
    def open(cls, source: Traversable) -> "_File":
        try:
            text = read_text(source, "a scenario")
        except InputError as wrong:
            raise _PlacedError(str(wrong)) from None
        if not text.strip():
            raise _PlacedError(f"{source.name}: the file is empty; start with `tocsin new`.")
        try:
            table = toml_table(text)
        except InputError as wrong:
            raise _PlacedError(f"{source.name}: {wrong}") from None
        return cls(source.name.removesuffix(".toml"), source, table)

    def head(self) -> dict[str, str]:
        """Title, question, author, description and, in a child, parent; keys are checked."""
        for key in self.table:
            if key not in TABLES and model_of(key) is None:
                raise InputError(
                    f"unknown key {key!r}; allowed are {', '.join(TABLES)}{nearest(key, TABLES)}."
                )
        schema = self.table.get("schema")
        if schema is None:
            raise InputError(f"schema: missing; write schema = {SCHEMA} in the first line.")
        if isinstance(schema, bool) or not isinstance(schema, int):
            raise fault("schema", schema, "not a whole number", f"allowed is {SCHEMA}")
        if schema != SCHEMA:
            age = "newer" if schema > SCHEMA else "older"
            raise fault("schema", schema, f"{age} than this version reads", f"allowed is {SCHEMA}")
        stated = {}
        for key in (*HEAD, "parent"):
            if key not in self.table:
                if key == "parent":
                    continue
                raise InputError(f"{key}: missing; allowed is a text in quotes.")
            text = self.table[key]
            if not isinstance(text, str) or not text.strip():
                wrong = "an empty text" if isinstance(text, str) else "not a text"
                raise fault(key, text, wrong, "allowed is a text in quotes")
            stated[key] = text
        return stated

    def mechanisms(self) -> tuple[type[Mechanism], ...]:
        """Mechanisms that the file names."""
        return read_mechanisms(self.table)

    def primary(self) -> tuple[str, ...]:
        """Outcomes that the file declares as primary; none without such a table."""
        return read_primary(self.table)

    def values(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Checked values and their reasons, by dotted key."""
        globs = self.table.get("sources", {})
        if not isinstance(globs, dict):
            raise fault("sources", globs, "not a table", "write [sources] on a line of its own")
        for glob, reason in globs.items():
            if not isinstance(reason, str) or not reason.strip():
                raise fault(f"sources.{bare_key(glob)}", reason, "no source is given",
                            "allowed is a text in quotes")  # fmt: skip
        used: set[str] = set()
        values: dict[str, Any] = {}
        reasons: dict[str, str] = {}
        for dotted, entry in self._entries():
            key = parse_key(dotted, entry["value"] if isinstance(entry, dict) and "value" in entry
                            else entry)  # fmt: skip
            value, reason = self._explained(key, entry, globs, used)
            if key.dotted in values:
                raise fault(key.dotted, value, "stated twice", "once is enough")
            values[key.dotted] = check_value(key.dotted, key.field, value)
            reasons[key.dotted] = reason
        for glob in globs:
            if glob not in used:
                raise fault(f"sources.{bare_key(glob)}", globs[glob],
                            "no plain value of this file has such a key",
                            "take it out, or mend the key")  # fmt: skip
        return values, reasons

    def _entries(self) -> Iterator[tuple[str, Any]]:
        for group in (*GROUPS, *COLLECTIONS, *(key for key in self.table if key not in TABLES)):
            table = self.table.get(group, {})
            if not isinstance(table, dict):
                raise fault(group, table, "not a table", f"write [{group}] on a line of its own")
            for name, entry in table.items():
                if group not in COLLECTIONS:
                    yield f"{group}.{name}", entry
                    continue
                if not isinstance(entry, dict) or not entry or "value" in entry:
                    raise InputError(
                        f"{group}.{name}: not the form of a key; it is written {group}.NAME.KEY."
                    )
                yield from ((f"{group}.{name}.{row}", inner) for row, inner in entry.items())

    def _explained(
        self, key: Key, entry: Any, globs: Mapping[str, str], used: set[str]
    ) -> tuple[Any, str]:
        if not isinstance(entry, dict):
            for glob, reason in globs.items():
                if fnmatch.fnmatchcase(key.dotted, glob):
                    used.add(glob)
                    return entry, reason
            said = f'{key.row} = {{ value = {written(entry)}, reason = "..." }}'
            raise fault(key.dotted, entry, "no reason is given", f"write {said}")
        for name in entry:
            if name not in FIELDS:
                raise InputError(f"{key.dotted}: unknown field {name!r}; allowed are "
                                 f"{', '.join(FIELDS)}{nearest(name, FIELDS)}.")  # fmt: skip
        if "value" not in entry:
            raise InputError(
                f"{key.dotted}: value: missing; write {{ value = ..., reason = ... }}."
            )
        reason = entry.get("reason") or entry.get("source")
        if not isinstance(reason, str) or not reason.strip():
            raise fault(key.dotted, entry["value"], "no reason is given",
                        'add reason = "..." or source = "..."')  # fmt: skip
        return entry["value"], reason


def read_mechanisms(table: Mapping[str, Any]) -> tuple[type[Mechanism], ...]:
    """What a scenario or study file names under `mechanisms`; none if it has no such key.

    Raises
    ------
    InputError
        It is no list of names, or one is not installed.
    """
    names = table.get("mechanisms", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise fault("mechanisms", names, "not a list of names",
                    'allowed is a list of installed mechanisms, as ["informants"]')  # fmt: skip
    for name in names:
        if names.count(name) > 1:
            raise fault("mechanisms", name, "named twice", "once is enough")
    return find(names)


def read_primary(table: Mapping[str, Any], kept: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names in the table `[primary]` of a scenario or study file; none without such a table.

    Parameters
    ----------
    table
        The whole file.
    kept
        Outcomes that a study keeps, if the file is one.

    Raises
    ------
    InputError
        The table is not of the form, or names what is no indicator or is not kept.
    """
    stated = table.get("primary", {})
    if not isinstance(stated, dict):
        raise fault("primary", stated, "not a table", "write [primary] on a line of its own")
    for key in stated:
        if key != "outcomes":
            raise InputError(f"primary.{key}: there is no such key; allowed is outcomes"
                             f"{nearest(key, ('outcomes',))}.")  # fmt: skip
    if "primary" not in table:
        return ()
    names = stated.get("outcomes")
    if not isinstance(names, list) or not names:
        raise fault("primary.outcomes", names, "not a list of names",
                    'allowed is a list as ["delivered", "cost_total"]')  # fmt: skip
    for name in names:
        if not isinstance(name, str):
            raise fault("primary.outcomes", name, "not a name", "allowed is a text in quotes")
        if names.count(name) > 1:
            raise fault("primary.outcomes", name, "named twice", "once is enough")
        if kept is not None:
            if name not in kept:
                raise fault("primary.outcomes", name, "not an outcome that the study keeps", "",
                            nearest(name, kept))  # fmt: skip
            continue
        try:
            of_a_run(name)
        except InputError as wrong:
            raise InputError(f"primary.outcomes: {wrong}") from None
    return tuple(names)


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


def _find_parent(name: str, file: _File) -> Traversable:
    known = shipped()
    found = find_file(name, file.folder, known, ".toml", "scenario", Path(str(file.source)))
    if found is None:
        raise fault("parent", name, "there is no such scenario",
                    "allowed is a file beside this one or a shipped scenario, as `tocsin "
                    "scenarios` lists them",
                    nearest(name, [*known, *_beside(file.folder, ".toml")]))  # fmt: skip
    return found


def _build(source: Traversable, children: tuple[str, ...]) -> Scenario:
    file = _File.open(source)
    try:
        return _assembled(file, children)
    except _PlacedError:
        raise
    except InputError as wrong:
        raise _PlacedError(f"{file.source.name}: {wrong}") from None


def _assembled(file: _File, children: tuple[str, ...]) -> Scenario:
    head = file.head()
    values, reasons = file.values()
    own = read_schedule(file.table)
    primary = file.primary()
    source = file.source
    place = str(source.resolve()) if isinstance(source, Path) else str(source)
    if "parent" in head:
        if place in children:
            circle = " -> ".join(Path(child).stem for child in (*children, place))
            raise fault("parent", head["parent"], f"parents run in a circle ({circle})",
                        "a parent is a scenario that does not come from this one")  # fmt: skip
        parent = _build(_find_parent(head["parent"], file), (*children, place))
        mechanisms = together(parent.mechanisms, file.mechanisms(), TABLES)
        parameters = replaced(with_mechanisms(parent.parameters, mechanisms), values)
        schedule = parent.schedule + own
        grid = parent.grid
        primary = primary or parent.primary
        reasons = parent.reasons | reasons
        lineage = (*parent.lineage, file.name)
    else:
        mechanisms = together((), file.mechanisms(), TABLES)
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
