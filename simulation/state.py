"""State: all that one week hands to the next, as arrays by name, and the fingerprint over it.

Nothing is listed by hand. Every attribute of every mechanism belongs to the state, so a mechanism
that is added, or a field of one, is part of the fingerprint from its first day. Left out is what
cannot differ between two runs that are alike (what a scenario lays out once), and what is kept
only to tell of a run (the log, names of events): a run has one fingerprint with its log or
without.
"""

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _

FINGERPRINT_FORMAT = 2  # 1 covered 22 chosen arrays
Arrays = dict[str, NDArray[Any]]


@runtime_checkable
class Stateful(Protocol):
    """What says itself which arrays are its state, because its attributes hold more."""

    def state(self) -> Mapping[str, Any]:
        """Values by name."""
        ...


class Laid:
    """A mixin: what a scenario lays out once and nothing changes; no state."""


class Guest:
    """A mixin: what another package brings; its own objects count as state too."""


OURS = frozenset({__name__.partition(".")[0]})


def state_of(thing: object, name: str = "") -> Arrays:
    """Arrays by dotted name of everything that `thing` holds.

    Numbers, words and arrays count, in any nesting of sequences, sets, mappings and objects of
    this package. Parameters and what is marked as `Laid` are left out, and so are methods,
    cached properties, and attributes that a class names in ``no_state``: what is laid out once,
    follows from the parameters in force, or is kept to tell of the run.

    Raises InputError if a guest holds something of another kind, which nobody could compare.
    """
    return dict(_leaves(thing, name, OURS))


def _leaves(
    thing: object, name: str, packages: frozenset[str]
) -> Iterator[tuple[str, NDArray[Any]]]:
    if isinstance(thing, Guest):
        packages |= {type(thing).__module__.partition(".")[0]}
    if isinstance(thing, np.ndarray):
        if thing.dtype.kind not in "biuf":
            raise InputError(_("{name}: an array of {kind} is no state; allowed are truth values, "
                               "whole numbers and floats.", name=name,
                               kind=thing.dtype))  # fmt: skip
        yield name, thing
    elif isinstance(thing, bool | int | float | np.generic):
        yield name, np.array([thing])
    elif isinstance(thing, str):
        yield name, np.frombuffer(thing.encode(), dtype=np.uint8)
    elif isinstance(thing, Mapping):
        for key in sorted(thing, key=repr):
            yield from _leaves(thing[key], f"{name}[{key!r}]", packages)
    elif isinstance(thing, Set):
        yield from _leaves(sorted(thing, key=repr), name, packages)
    elif isinstance(thing, Sequence | deque):
        for number, one in enumerate(thing):
            yield from _leaves(one, f"{name}[{number}]", packages)
    elif isinstance(thing, Stateful):
        yield from _leaves(thing.state(), name, packages)
    elif _is_known(thing, packages):
        for key, one in _attributes(thing):
            yield from _leaves(one, f"{name}.{key}" if name else key, packages)
    elif packages != OURS and not (thing is None or isinstance(thing, Laid | BaseModel)):
        raise InputError(_(
            "{name}: a {kind} cannot be compared from run to run, so it is no state; allowed are "
            "numbers, texts, arrays, sequences, sets, mappings and objects of its own package; "
            "what is laid out once is named in no_state.", name=name, kind=type(thing).__name__,
        ))  # fmt: skip


def _is_known(thing: object, packages: frozenset[str]) -> bool:
    return (
        type(thing).__module__.partition(".")[0] in packages
        and not isinstance(thing, Laid | BaseModel)
        and hasattr(thing, "__dict__")
    )


def _attributes(thing: object) -> list[tuple[str, Any]]:
    kind = type(thing)
    without: frozenset[str] = getattr(kind, "no_state", frozenset())
    return sorted(
        (key, one) for key, one in vars(thing).items()
        if key not in without and not isinstance(getattr(kind, key, None), cached_property)
    )  # fmt: skip


def fingerprint(arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 over arrays, integers as they are, floats to 9 digits.

    Names do not count: a field that is called otherwise, or that moves to another mechanism,
    leaves the fingerprint as it was.
    """
    return hashlib.sha256(b"".join(sorted(map(_digest, arrays.values())))).hexdigest()


def fingerprint_format(told: Mapping[str, Any], where: object) -> int:
    """The format of the fingerprints in what is kept; what states none is of the first.

    Parameters
    ----------
    told
        A manifest, or the data of an event, with the key ``fingerprint_format``.
    where
        Its file or folder, for the sentence.

    Raises
    ------
    InputError
        This version does not know the format.
    """
    found = told.get("fingerprint_format", 1)
    if type(found) is not int or found < 1:
        raise InputError(_("{where}: fingerprint_format is {found!r}; allowed is a whole number "
                           "from 1 to {known}.", where=where, found=found,
                           known=FINGERPRINT_FORMAT))  # fmt: skip
    if found > FINGERPRINT_FORMAT:
        raise InputError(_("{where}: its fingerprints are of format {found}, read here are those "
                           "up to {known}; install a newer tocsin to read it.", where=where,
                           found=found, known=FINGERPRINT_FORMAT))  # fmt: skip
    return found


def _digest(values: NDArray[Any]) -> bytes:
    whole = values.dtype == np.bool_ or np.issubdtype(values.dtype, np.integer)
    plain = values.astype("<i8") if whole else _rounded(values.astype(np.float64)).astype("<f8")
    shape = f"{'whole' if whole else 'float'} {values.shape}\0"
    return hashlib.sha256(shape.encode() + plain.tobytes()).digest()


def _rounded(values: NDArray[np.float64], bits: int = 30) -> NDArray[np.float64]:
    """Floats with so many significant bits, nine digits; one NaN, one zero."""
    fraction, exponent = np.frexp(values)
    out = np.ldexp(np.rint(np.ldexp(fraction, bits)), exponent - bits)
    out[np.isnan(values)] = np.nan
    return out + 0.0
