"""What a kernel takes and gives, read from its annotations.

An array is ``Annotated[F8, "N, S"]``: the kind of its elements, and the size of each dimension. A
size is a letter, which stands for the same number in one call wherever it occurs, a whole number,
a sum or product of these (``"B + 1"``), or a choice (``"1 or n"``). Arrays are C-contiguous. The
type checker sees the kind, numba gets kind and number of dimensions, and a run with
``TOCSIN_CHECK_KERNELS=1`` is held to the sizes. Numbers are ``float``, ``int``, ``bool`` or
``np.uint64``.
"""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import numba
import numpy as np
from numba.core import types
from numpy.typing import NDArray

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
I4 = NDArray[np.int32]
I2 = NDArray[np.int16]
I1 = NDArray[np.int8]
U8 = NDArray[np.uint64]
U4 = NDArray[np.uint32]
B1 = NDArray[np.bool_]

KINDS: dict[Any, type[np.generic]] = {
    F8: np.float64, I8: np.int64, I4: np.int32, I2: np.int16, I1: np.int8, U8: np.uint64,
    U4: np.uint32, B1: np.bool_,
}  # fmt: skip
NUMBERS = {float: types.float64, int: types.int64, bool: types.boolean, np.uint64: types.uint64}


def signature_of(function: Callable[..., Any]) -> Any:
    """Numba's signature of a function, from its annotations.

    Raises
    ------
    TypeError
        An argument has no annotation, or one that stands for no kind.
    """
    hints = hints_of(function)
    returned = hints.pop("return", None)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    unsaid = [name for name in names if name not in hints]
    if unsaid or returned is None:
        raise TypeError(f"{function.__name__}: no annotation of {', '.join(unsaid) or 'return'}")
    return _returned(returned)(*[_type(hints[name]) for name in names])


def hints_of(thing: Any) -> dict[str, Any]:
    """Annotations of a function, sizes included."""
    return get_type_hints(thing, include_extras=True)


@cache
def array_of(hint: Any) -> tuple[np.dtype[Any], list[str]] | None:
    """Kind and sizes of an array; None if the annotation is of something else."""
    if get_origin(hint) is not Annotated:
        return None
    kind, sizes = get_args(hint)
    return np.dtype(KINDS[kind]), [size.strip() for size in sizes.split(",")]


def _type(hint: Any) -> Any:
    """Numba's type of an argument."""
    array = array_of(hint)
    if array is not None:
        return types.Array(numba.from_dtype(array[0]), len(array[1]), "C")
    if hint not in NUMBERS:
        raise TypeError(f"{hint} is neither a kind of array nor one of number")
    return NUMBERS[hint]


def _returned(hint: Any) -> Any:
    """Numba's type of what is returned: nothing, a number, or several."""
    if hint is type(None):
        return types.void
    if get_origin(hint) is tuple:
        return types.BaseTuple.from_types([NUMBERS[one] for one in get_args(hint)])
    return NUMBERS[hint]
