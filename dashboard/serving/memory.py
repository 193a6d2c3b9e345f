"""Giving memory back: what browsers that have left had used.

A model is full of cycles, and Solara keeps a thread for each browser, so that freed memory stays
scattered over the C library's arenas. Few arenas, and a trim some seconds after somebody has left,
keep the server as small as the browsers that are there need it to be.
"""

import ctypes
import ctypes.util
import gc
import threading

ARENAS_MAX = -8  # option M_ARENA_MAX of mallopt in the GNU C library
ARENAS = 2
PAUSE = 2.0  # seconds; many who leave together are tidied up after once

_waiting = threading.Lock()


def _library() -> ctypes.CDLL | None:
    """The GNU C library, if that is what is in use."""
    name = ctypes.util.find_library("c")
    try:
        library = ctypes.CDLL(name) if name else None
    except OSError:
        return None
    return library if library is not None and hasattr(library, "malloc_trim") else None


def few_arenas() -> None:
    """Let threads share arenas; does nothing where the C library has none."""
    library = _library()
    if library is not None:
        library.mallopt(ARENAS_MAX, ARENAS)


def tidy_soon() -> None:
    """Collect cycles and give free memory back to the system, in a moment."""
    if _waiting.acquire(blocking=False):
        timer = threading.Timer(PAUSE, _tidy)
        timer.daemon = True
        timer.start()


def _tidy() -> None:
    _waiting.release()
    gc.collect()
    library = _library()
    if library is not None:
        library.malloc_trim(0)
