"""The C reference of movement and detection: built with gcc, called with a stream of shipments."""

import ctypes
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.convoys import Law

SOURCE = Path(__file__).with_name("movement.c")
FLAGS = ("-O3", "-march=native", "-shared", "-fPIC", "-fopt-info-vec-optimized")
END = 0xFFFF
WORD = 2.0**32


@dataclass(frozen=True)
class Reference:
    """The compiled function, and how many bytes the compiler says its draws are wide."""

    call: Callable[..., int]
    bytes_wide: int


@cache
def reference() -> Reference | None:
    """Build it; None where there is no gcc.

    Raises
    ------
    RuntimeError
        The loop that draws the words was not vectorised: no opponent worth the name.
    """
    if shutil.which("gcc") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "movement.so"
        done = subprocess.run(["gcc", *FLAGS, SOURCE.name, "-o", str(library)], cwd=SOURCE.parent,
                              capture_output=True, text=True, check=True)  # fmt: skip
        call = ctypes.CDLL(str(library)).move
    call.restype = ctypes.c_int64
    found = re.findall(
        r"movement\.c:(\d+):\d+: optimized: loop vectorized using (\d+)", done.stderr
    )
    lines = SOURCE.read_text().splitlines()
    drawing = next(n for n, line in enumerate(lines, 1) if "words[s] = philox" in line)
    widths = [int(width) for line, width in found if abs(int(line) - drawing) <= 1]
    if not widths:
        raise RuntimeError(f"gcc did not vectorise the draws of movement.c:\n{done.stderr}")
    return Reference(call, max(widths))


def stops(law: Law) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Packed entries of all stops, and the number of the stop of each place and of each lane's end.

    The end of a lane stands right after its last place.
    """
    lanes = law.lanes
    place = np.arange(lanes.reach.size) + lanes.place_lane
    end = lanes.end + np.arange(lanes.end.size)
    threshold = np.minimum(law.danger * WORD, WORD - 1).astype(np.uint64)
    rank = np.arange(lanes.reach.size) - lanes.start[lanes.place_lane]
    entry = np.zeros(place.size + end.size, dtype=np.uint64)
    entry[place] = (
        (threshold << 32) | (rank.astype(np.uint64) << 16) | lanes.reach.astype(np.uint64)
    )
    entry[end] = (END << 16) | lanes.weeks.astype(np.uint64)
    return entry, place, end


class Moved:
    """One week of a stream in C: `arguments` are those of the kernel, in its own layout here."""

    def __init__(self, law: Law, arguments: list[Any]) -> None:
        (self.stream, self.week, self.count, key, lane, place, launched, amount) = arguments[:8]
        self.entry, self.place, self.end = stops(law)
        self.columns = [
            key.copy(),
            (place + lane).astype(np.uint32),
            launched.copy(),
            amount.copy(),
        ]
        self.met = np.zeros((self.entry.size, 2), dtype=np.int64)
        self.seized = [column.copy() for column in self.columns]  # zeros would not be in memory yet
        self.caught = np.zeros(1, dtype=np.int64)
        self.left = 0

    def seconds(self, reference: Reference) -> float:
        """Move, and say how long it took."""

        def at(array: NDArray[Any]) -> ctypes.c_void_p:
            return ctypes.c_void_p(array.ctypes.data)

        given = [ctypes.c_uint64(int(self.stream)), ctypes.c_int32(self.week),
                 ctypes.c_int64(self.count), *map(at, self.columns), at(self.entry), at(self.met),
                 *map(at, self.seized), at(self.caught)]  # fmt: skip
        start = perf_counter()
        self.left = reference.call(*given)
        return perf_counter() - start
