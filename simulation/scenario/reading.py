"""One scenario file as it stands: its head, its values with their reasons, each one checked.

What it inherits is no matter here; `tocsin.simulation.scenario.files` puts files together.
"""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.mechanism import Mechanism, find, model_of
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import COLLECTIONS, GROUPS
from tocsin.simulation.recording.indicators import of_a_run
from tocsin.simulation.scenario.overrides import Key, parse_key
from tocsin.simulation.scenario.schedule import FORMS
from tocsin.simulation.scenario.values import check_value
from tocsin.simulation.scenario.wording import bare_key, fault, written
from tocsin.simulation.text_files import read_text, toml_table

SCHEMA = 1
HEAD = ("title", "question", "author", "description")
TABLES = ("schema", *HEAD, "parent", "mechanisms", "sources", "primary", *GROUPS, *COLLECTIONS,
          *FORMS)  # fmt: skip
FIELDS = ("value", "reason", "source")


class PlacedError(InputError):
    """A fault whose sentence already says in which file it is."""


@dataclass(frozen=True)
class ScenarioFile:
    """One scenario file on its way to a scenario.

    Attributes
    ----------
    name, source, table
        Its name without the ending, where it is, and what stands in it.
    """

    name: str
    source: Traversable
    table: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Folder in which it lies, the family of its scenario."""
        return Path(str(self.source)).parent

    @classmethod
    def open(cls, source: Traversable) -> "ScenarioFile":
        """Read a file; raises PlacedError for what is no table."""
        try:
            text = read_text(source, "a scenario")
        except InputError as wrong:
            raise PlacedError(str(wrong)) from None
        if not text.strip():
            raise PlacedError(f"{source.name}: the file is empty; start with `tocsin new`.")
        try:
            table = toml_table(text)
        except InputError as wrong:
            raise PlacedError(f"{source.name}: {wrong}") from None
        return cls(source.name.removesuffix(".toml"), source, table)

    def head(self) -> dict[str, str]:
        """Title, question, author, description and, in a child, parent.

        Keys are checked, but for tables of a child: its parent may name a mechanism that brings
        them, and says itself if that is not installed.
        """
        self._check_keys(tables="parent" not in self.table)
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
        """Checked values and their reasons, by dotted key; to be asked for after the parent."""
        self._check_keys(tables=True)
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

    def _check_keys(self, tables: bool) -> None:
        for key, value in self.table.items():
            if key in TABLES or model_of(key) is not None:
                continue
            if not isinstance(value, dict):
                raise InputError(_(
                    "unknown key {key}; allowed are {tables}, and the names of installed "
                    "mechanisms{nearest}.", key=repr(key), tables=", ".join(TABLES),
                    nearest=nearest(key, TABLES),
                ))  # fmt: skip
            if tables:
                raise InputError(_(
                    "unknown table {key}{nearest}, and no mechanism of this name is installed; "
                    "install the package that brings it and write mechanisms = [{name}] at the top "
                    "of the file, or take one of {tables}.",
                    key=repr(key), tables=", ".join(TABLES), nearest=nearest(key, TABLES),
                    name=written(key),
                ))  # fmt: skip

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
