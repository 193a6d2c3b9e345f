"""The grammar of dotted keys, and what a single value may be.

The same keys stand in scenario files, behind ``--set``, in Python and in studies::

    cooperation.sharing            a row of a group
    countries.TJK.capability       a row of one country
    agencies.TJK-customs.officers  a row of an agency beside the national one
    pairs.TJK-UZB.trust            a row of one pair; the order of the two codes does not matter
    networks.N07.members           a row of one generated network
    commodities.heroin.supply_per_year

Nothing is written down twice here: groups, rows, types and bounds come from
`tocsin.simulation.parameters`. A fault is an `InputError` whose text follows one form,
``KEY = VALUE: what is wrong; what is allowed (nearest: 'x').``
"""

import datetime
import json
import math
import re
import types
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.mechanism import Mechanism, model_of
from tocsin.simulation.messages import _
from tocsin.simulation.parameters import COLLECTIONS, GROUPS, Mandate, Parameters, groups_of
from tocsin.simulation.text_files import CONTROL, LARGEST, cell

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


LONGEST_VALUE = 300  # characters of a value that a sentence repeats whole


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
        return _declared(self.field)["kind"]

    @property
    def mandate(self) -> Mandate | None:
        """The mandate that the row needs before it may act."""
        return _declared(self.field)["mandate"]


def _declared(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _model(group: str) -> type[BaseModel]:
    model = model_of(group)
    if model is None:
        raise KeyError(group)
    return model


def fault(where: str, value: Any, wrong: str, allowed: str = "", hint: str = "") -> InputError:
    """The one form of a sentence about a value; `hint` comes from `nearest`."""
    end = f"; {allowed}" if allowed else ""
    try:
        said = written(value)
    except RecursionError:  # Python can hold what no file may
        said = "..."
    said = said if len(said) <= LONGEST_VALUE else f"{said[:60]}...{said[-20:]}"
    return InputError(f"{where} = {said}: {wrong}{end}{hint}.")


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
            f"{where}: there is no group {parts[0]!r}; the groups are {', '.join(groups)}"
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


def check_value(where: str, field: FieldInfo, value: Any) -> Any:
    """The value as the model holds it: a number of the right type, a tuple for a list.

    Parameters
    ----------
    where
        Key to be named in the sentence about a fault.
    field
        Declaration with type and bounds.
    value
        What was read from TOML or given in Python; NumPy's scalars count as numbers.

    Raises
    ------
    InputError
        Wrong type, out of bounds, not finite, none of the allowed words, or named twice.
    """
    kind = _plain(field.annotation)
    value = value.item() if hasattr(value, "item") and not getattr(value, "shape", ()) else value
    if kind is bool:
        if not isinstance(value, bool):
            raise fault(where, value, "neither true nor false", allowed(field))
        return value
    if kind in (int, float):
        return _check_number(where, field, kind, value)
    if get_origin(kind) is tuple:
        return _check_list(where, field, get_args(kind)[0], value)
    if get_origin(kind) is Literal:
        words = get_args(kind)
        if value not in words:
            hint = nearest(value, words) if isinstance(value, str) else ""
            raise fault(where, value, "not one of the allowed words", allowed(field), hint)
        return value
    if not isinstance(value, str):
        raise fault(where, value, "not a text", allowed(field))
    if not value.strip():
        raise fault(where, value, "an empty text", allowed(field))
    if CONTROL.search(value):
        raise fault(where, value, "the text holds a control character", "take it out")
    return value


def _check_number(where: str, field: FieldInfo, kind: type, value: Any) -> int | float:
    whole = kind is int
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        wrong = "not a whole number" if whole else "not a number"
        raise fault(where, value, wrong, allowed(field))
    if isinstance(value, float) and not math.isfinite(value):
        raise fault(where, value, "not a finite number", allowed(field))
    low, high = bounds(field)
    above = next((m.gt for m in field.metadata if hasattr(m, "gt")), None)
    if above is not None and not value > above:
        raise fault(where, value, "too low", f"allowed is a number above {above:g}")
    if (low is not None and value < low) or (isinstance(value, int) and value < -LARGEST):
        raise fault(where, value, "too low", allowed(field))
    if (high is not None and value > high) or (isinstance(value, int) and value > LARGEST):
        raise fault(where, value, "too high", allowed(field))
    return kind(value)


def _check_list(where: str, field: FieldInfo, of: Any, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise fault(where, value, "not a list", allowed(field))
    words = get_args(of)
    for item in value:
        if words and item not in words:
            hint = nearest(item, words) if isinstance(item, str) else ""
            wrong = f"{written(item)} is not one of the allowed words"
            raise fault(where, value, wrong, allowed(field), hint)
        if not isinstance(item, str) or not item.strip():
            raise fault(where, value, f"{written(item)} is not a text", allowed(field))
        if CONTROL.search(item):
            raise fault(where, value, "the text holds a control character", "take it out")
    for item in value:
        if list(value).count(item) > 1:
            raise fault(where, value, f"{written(item)} stands there twice", "once is enough")
    return tuple(value)


def _plain(annotation: Any) -> Any:
    """The type without ``| None``."""
    if get_origin(annotation) in (Union, types.UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """Lowest and highest value of a declared number."""
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    return low, high


def allowed(field: FieldInfo) -> str:
    """What a row allows, as the second half of a sentence about a fault."""
    kind = _plain(field.annotation)
    if kind is bool:
        return "allowed is true or false"
    if kind in (int, float):
        noun = "a whole number" if kind is int else "a number"
        low, high = bounds(field)
        unit = _declared(field).get("unit", "")
        span = f" from {low:.15g} to {high:.15g}" if low is not None and high is not None else ""
        return f"allowed is {noun}{span}{f' ({unit})' if unit else ''}"
    if get_origin(kind) is Literal:
        return f"allowed is {' or '.join(map(str, get_args(kind)))}"
    if get_origin(kind) is tuple:
        words = get_args(get_args(kind)[0])
        return (
            f"allowed is a list of {', '.join(words)}"
            if words
            else ('allowed is a list of texts, as in ["one", "two"]')
        )
    return "allowed is a text in quotes"


def check_table(where: str, model: type[BaseModel], table: Mapping[str, Any]) -> dict[str, Any]:
    """The checked fields of a small table (a shock, a treatment), by the names in the file.

    Raises InputError for an unknown, missing or wrong field. `where` is named before each field.
    """
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name, value in table.items():
        if name not in fields:
            raise fault(
                f"{where}{name}", value, "there is no such field",
                f"the fields are {', '.join(fields)}", nearest(name, fields),
            )  # fmt: skip
    for name, field in fields.items():
        if field.is_required() and name not in table:
            raise InputError(f"{where}{name}: missing; {allowed(field)}.")
    return {name: check_value(f"{where}{name}", fields[name], v) for name, v in table.items()}


def written(value: Any) -> str:
    """A value as it stands in a TOML file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{bare_key(str(k))} = {written(v)}" for k, v in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, Iterable):
        return f"[{', '.join(written(item) for item in value)}]"
    if isinstance(value, datetime.date | datetime.time | datetime.datetime):
        return value.isoformat()
    if isinstance(value, int) and abs(value) > LARGEST:
        return f"{value:#x}"  # Python refuses to write thousands of decimal digits
    return str(value)


def _quoted(text: str) -> str:
    """A basic TOML string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def bare_key(key: str) -> str:
    """A TOML key, in quotes only if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


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
