"""How the kernels are compiled, and where the compiled code lies.

It lies in the user's cache folder, in a folder named by a hash of this package: numba itself looks
only at the file of a function, not at those of the functions that it calls.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import platformdirs
from numba.core import config


def compiled(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile for one signature, from the cache where the user's cache folder can be written."""

    def compile_it(function: Callable[..., Any]) -> Any:
        options = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
        try:
            return numba.njit(signature, cache=True, **options)(function)
        except (RuntimeError, OSError):  # no folder to write to
            return numba.njit(signature, **options)(function)

    return compile_it


_sources = sorted(Path(__file__).parent.glob("*.py"))
_version = hashlib.sha256(b"".join(source.read_bytes() for source in _sources)).hexdigest()[:16]
CACHE = platformdirs.user_cache_path("tocsin") / f"kernels-{_version}"
config.CACHE_DIR = str(CACHE)  # pyright: ignore[reportAttributeAccessIssue]
if not CACHE.exists():
    print("compiling, once on this machine: a quarter to half of a minute", file=sys.stderr)
