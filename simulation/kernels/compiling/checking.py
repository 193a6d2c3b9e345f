"""Calls of kernels, checked: kinds, contiguity, and that equal letters have equal sizes.

A run with ``TOCSIN_CHECK_KERNELS=1`` does so at each call from outside of the kernels.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps
from math import prod
from typing import Any

import numpy as np
from tocsin.simulation.kernels.compiling.kinds import array_of, hints_of

CALLS: Counter[str] = Counter()  # by the name of the kernel


class KernelCallError(TypeError):
    """A kernel is given something else than what it says that it takes."""


def checked(kernel: Any) -> Callable[..., Any]:
    """A kernel that looks at each call before it is made, and counts it."""
    function = kernel.py_func
    hints = hints_of(function)
    hints.pop("return")

    @wraps(function)
    def call(*given: Any) -> Any:
        CALLS[function.__name__] += 1
        if len(given) != len(hints):
            raise KernelCallError(f"kernel {function.__name__}: {len(given)} arguments are given, "
                                  f"it takes {len(hints)}")  # fmt: skip
        arrays = list(_arrays(function.__name__, hints, dict(zip(hints, given, strict=True))))
        _hold_sizes(function.__name__, arrays)
        return kernel(*given)

    setattr(call, "py_func", function)  # noqa: B010  (an attribute that functions do not have)
    return call


def _arrays(
    kernel: str, hints: dict[str, Any], given: dict[str, Any]
) -> Iterator[tuple[str, tuple[int, ...], list[str]]]:
    """Name, shape and sizes of each array that is given."""
    for name, hint in hints.items():
        value, array = given[name], array_of(hint)
        if array is not None:
            kind, sizes = array
            _hold_kind(f"kernel {kernel}, argument {name}", value, kind, sizes)
            yield name, value.shape, sizes


def _hold_kind(where: str, value: Any, kind: np.dtype[Any], sizes: list[str]) -> None:
    """An array has its kind and number of dimensions, and lies in one piece."""
    if not isinstance(value, np.ndarray):
        raise KernelCallError(f"{where}: {type(value).__name__} is given, it takes an array")
    if value.dtype != kind or value.ndim != len(sizes):
        raise KernelCallError(f"{where}: an array of {value.dtype} with {value.ndim} dimensions is "
                              f"given, it takes {kind} [{', '.join(sizes)}]")  # fmt: skip
    if not value.flags.c_contiguous:
        raise KernelCallError(f"{where}: an array that does not lie in one piece is given")


def _hold_sizes(kernel: str, arrays: list[tuple[str, tuple[int, ...], list[str]]]) -> None:
    """Equal letters stand for equal numbers: bare ones give a letter its number.

    A sum or product of letters that never stand alone is a letter of its own.
    """
    given = [(name, size, number) for name, shape, sizes in arrays
             for size, number in zip(sizes, shape, strict=True)]  # fmt: skip
    letters: dict[str, int] = {}
    first: dict[str, str] = {}
    for name, size, number in given:
        if size.isidentifier() and letters.setdefault(size, number) != number:
            raise KernelCallError(f"kernel {kernel}: {size} is {letters[size]} in argument "
                                  f"{first[size]} and {number} in {name}")  # fmt: skip
        first.setdefault(size, name)
    for name, size, number in given:
        worths = [_worth(choice, letters) for choice in size.split(" or ")]
        allowed = [letters.setdefault(size, number) if one is None else one for one in worths]
        if number not in allowed:
            raise KernelCallError(
                f"kernel {kernel}, argument {name}: a dimension of {size} = "
                f"{' or '.join(map(str, allowed))} is {number} long"
            )


def _worth(size: str, letters: dict[str, int]) -> int | None:
    """The number that a sum of products of letters and numbers stands for; None without one."""
    total = 0
    for term in size.split("+"):
        words = [word.strip() for word in term.split("*")]
        if not all(word.isdigit() or word in letters for word in words):
            return None
        total += prod(int(word) if word.isdigit() else letters[word] for word in words)
    return total
