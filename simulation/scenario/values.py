"""What a single value may be: its type, its bounds, its words, as its row declares them."""

import math
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.scenario.wording import fault, written
from tocsin.simulation.text_files import CONTROL, LARGEST


def declared(field: FieldInfo) -> dict[str, Any]:
    """What a row says of itself: kind, unit, source and mandate, as far as it has them."""
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


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
        unit = declared(field).get("unit", "")
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
