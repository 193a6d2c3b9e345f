"""How a value stands in a file, and the one form of a sentence about a fault in it.

``KEY = VALUE: what is wrong; what is allowed (nearest: 'x').``
"""

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tocsin.simulation.errors import InputError
from tocsin.simulation.text_files import LARGEST

LONGEST_VALUE = 300  # characters of a value that a sentence repeats whole


def fault(where: str, value: Any, wrong: str, allowed: str = "", hint: str = "") -> InputError:
    """The one form of a sentence about a value; `hint` comes from `nearest`."""
    end = f"; {allowed}" if allowed else ""
    try:
        said = written(value)
    except RecursionError:  # Python can hold what no file may
        said = "..."
    said = said if len(said) <= LONGEST_VALUE else f"{said[:60]}...{said[-20:]}"
    return InputError(f"{where} = {said}: {wrong}{end}{hint}.")


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


def bare_key(key: str) -> str:
    """A TOML key, in quotes only if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    """A basic TOML string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
