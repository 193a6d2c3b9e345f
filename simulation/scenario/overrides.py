"""The grammar of dotted keys, and how values by key become parameters.

The same keys stand in scenario files, behind ``--set``, in Python and in studies::

    cooperation.sharing            a row of a group
    countries.TJK.capability       a row of one country
    agencies.TJK-customs.officers  a row of an agency beside the national one
    pairs.TJK-UZB.trust            a row of one pair; the order of the two codes does not matter
    networks.N07.members           a row of one generated network
    commodities.heroin.supply_per_year

Nothing is written down twice here: groups, rows, types and bounds come from
`tocsin.simulation.parameters`. What a single value may be says `tocsin.simulation.scenario.values`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.mechanism import Mechanism, model_of
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import COLLECTIONS, GROUPS, Mandate, Parameters, groups_of
from tocsin.simulation.scenario.values import allowed, check_value, declared
from tocsin.simulation.scenario.wording import fault, written
from tocsin.simulation.text_files import cell

NAMES = {
    "countries": (r"[A-Z]{3}", "a country code of three capital letters, as in TJK"),
    "agencies": (
        r"[A-Z]{3}-[a-z][a-z0-9_]*",
        "a country code, a hyphen and a name in small letters, as in TJK-customs",
    ),
    "pairs": (r"[A-Z]{3}-[A-Z]{3}", "two country codes with a hyphen, as in TJK-UZB"),
    "networks": (r"N[0-9]{2,5}", "the number of a network, as in N07"),
    "commodities": (r"[a-z][a-z0-9_]*", "a name in small letters, as in heroin"),
}


class Key(NamedTuple):
    """A dotted key, taken apart; `name` is empty in groups that have no names in the middle."""

    group: str
    name: str
    row: str

    @property
    def dotted(self) -> str:
        """The key as people write it, in its normal form."""
        return ".".join(part for part in self if part)

    @property
    def pattern(self) -> str:
        """The key of the table of parameters, with ``*`` where a name belongs."""
        return ".".join((self.group, "*", self.row) if self.name else (self.group, self.row))

    @property
    def field(self) -> FieldInfo:
        """The declaration of this row."""
        return _model(self.group).model_fields[self.row]

    @property
    def kind(self) -> str:
        """Whether the row is a lever, an assumption or structure."""
        return declared(self.field)["kind"]

    @property
    def mandate(self) -> Mandate | None:
        """The mandate that the row needs before it may act."""
        return declared(self.field)["mandate"]


def _model(group: str) -> type[BaseModel]:
    model = model_of(group)
    if model is None:
        raise KeyError(group)
    return model


def parse_key(key: str, value: Any = ...) -> Key:
    """Take a dotted key apart and bring the codes of a pair into alphabetical order.

    Parameters
    ----------
    key
        As in the head of this module.
    value
        What it was to be set to, to be named in the sentence about a fault.

    Raises
    ------
    InputError
        The key is no row of the table of parameters, or a name in it is not well formed.
    """
    said = str(key) if str(key).isprintable() else repr(str(key))
    where = said if value is ... else f"{said} = {written(value)}"
    parts = str(key).split(".")
    groups = [*GROUPS, *COLLECTIONS]
    if model_of(parts[0]) is None:
        raise InputError(
            f"{where}: there is no group {parts[0]!r}, and no mechanism of this name is installed; "
            f"the groups are {', '.join(groups)}"
            f"{nearest(parts[0], groups) or _nearest_row(parts)}."
        )
    group, *middle, row = parts if len(parts) > 1 else [*parts, ""]
    rows = list(_model(group).model_fields)
    if len(middle) != (1 if group in COLLECTIONS else 0):
        shape = f"{group}.NAME.KEY" if group in COLLECTIONS else f"{group}.KEY"
        raise InputError(f"{where}: not the form of a key; it is written {shape}.")
    name = middle[0] if middle else ""
    if group in COLLECTIONS:
        name = _normal_name(where, group, name)
    if row not in rows:
        raise InputError(
            f"{where}: there is no parameter {row!r} in {group}; it has {', '.join(rows)}"
            f"{_nearest_row(parts) or nearest(row, rows)}."
        )
    return Key(group, name, row)


def _nearest_row(parts: list[str]) -> str:
    """For a key in the wrong group: the dotted key whose last part is the same."""
    known = {row: group for group, model in GROUPS.items() for row in model.model_fields}
    return f" (nearest: '{known[parts[-1]]}.{parts[-1]}')" if parts[-1] in known else ""


def _normal_name(where: str, group: str, name: str) -> str:
    form, example = NAMES[group]
    if not re.fullmatch(form, name):
        raise InputError(f"{where}: {name!r} is not a name for {group}; allowed is {example}.")
    if group != "pairs":
        return name
    first, second = sorted(name.split("-"))
    if first == second:
        raise InputError(f"{where}: a pair of {first} with itself; a pair has two countries.")
    return f"{first}-{second}"


def parse_setting(text: str) -> tuple[str, Any]:
    """Read ``KEY=VALUE`` of the command line; a value that is no TOML is a plain word.

    Raises InputError unless there is an equals sign with a key before it and a value behind it
    that a file may hold.
    """
    key, equals, value = (part.strip() for part in text.partition("="))
    if not (key and equals and value):
        raise InputError(
            f"--set {text}: not of the form KEY=VALUE; write for example --set "
            "cooperation.sharing=0.9."
        )
    try:
        return key, cell(value)
    except InputError as wrong:
        raise InputError(f"--set {key}: {wrong}") from None


def parse_settings(texts: Iterable[str]) -> dict[str, Any]:
    """Read all ``KEY=VALUE`` of a command line.

    Raises InputError as `parse_setting` does, and for a key that stands there twice, if only in
    another spelling, as a pair may have.
    """
    values: dict[str, Any] = {}
    said: dict[str, str] = {}
    for text in texts:
        key, value = parse_setting(text)
        normal = _normal(key)
        if normal in said:
            before = "" if said[normal] == key else f", before as {said[normal]}"
            raise fault(f"--set {key}", value, f"set twice{before}", "once is enough")
        values[key], said[normal] = value, key
    return values


def _normal(key: str) -> str:
    """A key in its normal form; one that is none stays as it is, to be refused by its reader."""
    try:
        return parse_key(key).dotted
    except InputError:
        return key


def assemble(values: Mapping[str, Any], mechanisms: Sequence[type[Mechanism]] = ()) -> Parameters:
    """Build the parameters from checked values by dotted key; what is not named has its default.

    Raises
    ------
    InputError
        A value that has no default is missing, or one is of a mechanism that is not among
        `mechanisms`.
    """
    nested: dict[str, Any] = {collection: {} for collection in COLLECTIONS}
    for dotted, value in values.items():
        key = parse_key(dotted)
        home = nested.setdefault(key.group, {})
        if key.name:
            home = home.setdefault(key.name, {})
        home[key.row] = value
    for group, tables in (("world", {"": nested.get("world", {})}), *_named(nested)):
        for name, table in tables.items():
            for row in _required(group):
                if row not in table:
                    key = Key(group, name, row)
                    raise InputError(f"{key.dotted}: missing; {allowed(key.field)}.")
    for collection in COLLECTIONS:
        nested[collection] = dict(sorted(nested[collection].items()))
    own = {group: nested.pop(group) for group in [*nested] if group not in (*GROUPS, *COLLECTIONS)}
    parameters = with_mechanisms(Parameters.model_validate(nested), mechanisms)
    return replaced(parameters, {f"{group}.{row}": value for group, rows in own.items()
                                 for row, value in rows.items()})  # fmt: skip


def with_mechanisms(parameters: Parameters, mechanisms: Iterable[type[Mechanism]]) -> Parameters:
    """Parameters that hold the levers of these mechanisms too, at their defaults if new.

    Of a mechanism that has been defined anew, as in a notebook, what was set by its earlier rows
    is kept; raises InputError if it has no such row any more, or does not allow the value.
    """
    there = groups_of(parameters)
    new: dict[str, Any] = {}
    for kind in mechanisms:
        before = getattr(parameters, kind.name) if kind.name in there else None
        if type(before) is kind.levers:
            continue
        new[kind.name] = kind.levers()
        if before is not None:
            changed = {row: value for row, value in before if value != _default(before, row)}
            for row, value in changed.items():
                parse_key(f"{kind.name}.{row}", value)
                check_value(f"{kind.name}.{row}", kind.levers.model_fields[row], value)
            new[kind.name] = new[kind.name].model_copy(update=changed)
    return parameters.model_copy(update=new)


def _default(values: BaseModel, row: str) -> Any:
    return type(values).model_fields[row].default


def _named(nested: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [(collection, nested[collection]) for collection in COLLECTIONS]


@cache
def _required(group: str) -> tuple[str, ...]:
    fields = _model(group).model_fields
    return tuple(name for name, field in fields.items() if field.is_required())


def look_up(parameters: Parameters, key: Key) -> Any:
    """The value of a row; a pair or network that nobody set has the defaults of its kind."""
    home = _home(parameters, key)
    if not key.name:
        return getattr(home, key.row)
    if key.name in home:
        return getattr(home[key.name], key.row)
    known = {
        "pairs": [f"{a}-{b}" for a, b in combinations(sorted(parameters.countries), 2)],
        "networks": parameters.network_ids(),
    }.get(key.group, home)
    if key.name not in known:
        raise InputError(
            f"{key.dotted}: there is no {key.name!r} among the {key.group} "
            f"{', '.join(known)}{nearest(key.name, known)}."
        )
    return key.field.default


def _home(parameters: Parameters, key: Key) -> Any:
    """The group of a key; raises InputError if it is of a mechanism that the scenario has not."""
    if key.group not in groups_of(parameters) and key.group not in COLLECTIONS:
        raise InputError(_(
            "{key}: the scenario has no mechanism {name}; write mechanisms = [{name}] at the top "
            "of its file.", key=key.dotted, name=written(key.group),
        ))  # fmt: skip
    return getattr(parameters, key.group)


def replaced(parameters: Parameters, values: Mapping[str, Any]) -> Parameters:
    """Parameters in which checked `values`, by dotted key, take the place of the old ones.

    Raises
    ------
    InputError
        A country or commodity that was not there before does not get all the values it needs.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for dotted, value in values.items():
        key = parse_key(dotted)
        _home(parameters, key)
        rows.setdefault((key.group, key.name), {})[key.row] = value
    update: dict[str, Any] = {}
    for (group, name), stated in rows.items():
        home = update.get(group, getattr(parameters, group))
        if not name:
            update[group] = home.model_copy(update=stated)
        elif name in home:
            update[group] = {**home, name: home[name].model_copy(update=stated)}
        else:
            _check_new(group, name, stated, home)
            made = COLLECTIONS[group].model_validate(stated)
            update[group] = dict(sorted({**home, name: made}.items()))
    return parameters.model_copy(update=update)


def _check_new(group: str, name: str, stated: Mapping[str, Any], home: Iterable[str]) -> None:
    """Whether a new country or commodity gets all the values it needs."""
    missing = [row for row in _required(group) if row not in stated]
    if missing:
        row, value = next(iter(stated.items()))
        raise fault(
            f"{group}.{name}.{row}", value, f"there is no {name!r} among the {group} so far",
            f"{_those(home)}a new one needs {', '.join(missing)} too", nearest(name, home),
        )  # fmt: skip


def _those(home: Iterable[str]) -> str:
    """What there is already, as the first half of a sentence; nothing if there is nothing."""
    names = ", ".join(home)
    return f"it has {names}, and " if names else ""
