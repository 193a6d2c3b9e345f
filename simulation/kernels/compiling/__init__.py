"""How the kernels are compiled, and where the compiled code lies.

It lies in the user's cache folder, in a folder named by a hash of this package, of where it lies
and of the processor: numba itself looks only at the file of a function, not at those of the
functions that it calls. With ``TOCSIN_CHECK_KERNELS=1`` each call is checked (see
:mod:`tocsin.simulation.kernels.compiling.checking`), and the kernels raise IndexError where they
would read or write beside an array; they are slower, and lie in a folder of their own.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, overload

import llvmlite
import numba
import platformdirs
from llvmlite.binding import get_host_cpu_name
from numba.core import config
from numba.core.codegen import get_host_cpu_features
from tocsin.simulation.kernels.compiling.cache import Cache
from tocsin.simulation.kernels.compiling.kinds import signature_of

CHECKED = os.environ.get("TOCSIN_CHECK_KERNELS", "") not in ("", "0")
HERE = Path(__file__).parents[1]
MOST = 10  # arguments that a reader keeps apart


class Kernel[**P, R](Protocol):
    """A compiled function; `py_func` is the same function, uncompiled."""

    py_func: Callable[P, R]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it."""
        ...


class Compiler(Protocol):
    """What makes a kernel of a function."""

    def __call__[**P, R](self, function: Callable[P, R], /) -> Kernel[P, R]:
        """Compile it."""
        ...


@overload
def compiled[**P, R](function: Callable[P, R], /) -> Kernel[P, R]: ...
@overload
def compiled(*, reason: str) -> Compiler: ...
def compiled(function: Any = None, /, *, reason: str = "") -> Any:
    """Compile for what the annotations say, from the cache where its folder can be written.

    A function of more than `MOST` arguments needs a reason, which `tools/structure.py` prints.

    Raises
    ------
    TypeError
        There are more and no reason, or an argument has no annotation that stands for a kind.
    """
    if function is None:
        return lambda given: _compiled(given)
    if function.__code__.co_argcount > MOST:
        raise TypeError(f"{function.__name__}: a kernel has {MOST} arguments at most, or a reason")
    return _compiled(function)


def _compiled(function: Callable[..., Any]) -> Any:
    njit: Any = numba.njit  # its types do not know what a signature says
    signature = signature_of(function)
    options = {"nogil": True, "boundscheck": CHECKED, "error_model": "numpy"}
    if CACHE.folder is not None:
        try:
            return njit(signature, cache=True, **options)(function)
        except (RuntimeError, OSError):  # the folder has gone, or is full
            pass
    return njit(signature, **options)(function)


def _version() -> str:
    """What the compiled code depends on, but for the times of the source files."""
    parts = [source.read_bytes() for source in _SOURCES]
    target: Any = config  # numba sets its options by name
    said = (sys.version, numba.__version__, llvmlite.__version__, target.CPU_NAME,
            target.CPU_FEATURES, get_host_cpu_name(), get_host_cpu_features(), CHECKED,
            str(HERE))  # fmt: skip
    return hashlib.sha256(b"".join([*parts, repr(said).encode()])).hexdigest()[:16]


_SOURCES = sorted(HERE.rglob("*.py"))
CACHE = Cache(platformdirs.user_cache_path("tocsin") / f"kernels-{_version()}", _SOURCES)
if CACHE.folder is not None:
    config.CACHE_DIR = str(CACHE.folder)  # pyright: ignore[reportAttributeAccessIssue]
