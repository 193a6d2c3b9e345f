"""How the kernels are compiled, and where the compiled code lies.

It lies in the user's cache folder, in a folder named by a hash of this package, of where it lies
and of the processor: numba itself looks only at the file of a function, not at those of the
functions that it calls. With ``TOCSIN_BOUNDS_CHECK=1`` the kernels raise IndexError where they
would read or write beside an array; they are slower, and lie in a folder of their own.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import platformdirs
from llvmlite.binding import get_host_cpu_name
from numba.core import config
from numba.core.codegen import get_host_cpu_features
from tocsin.simulation.kernels.cache import Cache

CHECKED = os.environ.get("TOCSIN_BOUNDS_CHECK", "") not in ("", "0")


def compiled(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile for one signature, from the cache where the user's cache folder can be written."""

    def compile_it(function: Callable[..., Any]) -> Any:
        options = {"nogil": True, "boundscheck": CHECKED, "error_model": "numpy"}
        if CACHE.folder is not None:
            try:
                return numba.njit(signature, cache=True, **options)(function)
            except (RuntimeError, OSError):  # the folder has gone, or is full
                pass
        return numba.njit(signature, **options)(function)

    return compile_it


def _version() -> str:
    """What the compiled code depends on, but for the times of the source files."""
    parts = [source.read_bytes() for source in _SOURCES]
    target: Any = config  # numba sets its options by name
    said = (sys.version, numba.__version__, llvmlite.__version__, target.CPU_NAME,
            target.CPU_FEATURES, get_host_cpu_name(), get_host_cpu_features(), CHECKED,
            str(Path(__file__).parent))  # fmt: skip
    return hashlib.sha256(b"".join([*parts, repr(said).encode()])).hexdigest()[:16]


_SOURCES = sorted(Path(__file__).parent.glob("*.py"))
CACHE = Cache(platformdirs.user_cache_path("tocsin") / f"kernels-{_version()}", _SOURCES)
if CACHE.folder is not None:
    config.CACHE_DIR = str(CACHE.folder)  # pyright: ignore[reportAttributeAccessIssue]
