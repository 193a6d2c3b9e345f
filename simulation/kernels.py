"""The compiled array functions: counter-based random numbers, and the movement of shipments.

Pure: arrays in, arrays out, no exp, log, pow or sum of floats, so that every function gives the
same bits as its readable NumPy twin in :mod:`simulation.reference`. Random words come from
Philox4x32-10 (Salmon et al., SC'11, "Parallel random numbers: as easy as 1, 2, 3"), whose
value depends on key and counter alone, never on order.

The compiled code lies in the user's cache folder, in a folder named by a hash of this file.
``python -m simulation.kernels`` compiles everything once.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
import platformdirs
from numba.core import config

__all__ = ["move", "uniform"]


def _compiled(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile for one signature, from the cache where the user's cache folder can be written."""

    def compile_it(function: Callable[..., Any]) -> Any:
        options = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
        try:
            return numba.njit(signature, cache=True, **options)(function)
        except (RuntimeError, OSError):  # no folder to write to
            return numba.njit(signature, **options)(function)

    return compile_it


_version = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
CACHE = platformdirs.user_cache_path("tocsin") / f"kernels-{_version}"
config.CACHE_DIR = str(CACHE)  # pyright: ignore[reportAttributeAccessIssue]


@numba.njit(inline="always")
def _word(c0, c1, c2, c3, k0, k1):  # ten rounds of Philox4x32, first word of four
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * np.uint64(c0)
        p1 = np.uint64(0xCD9E8D57) * np.uint64(c2)
        c0, c1, c2, c3 = (
            np.uint32(p1 >> np.uint64(32)) ^ c1 ^ k0,
            np.uint32(p1),
            np.uint32(p0 >> np.uint64(32)) ^ c3 ^ k1,
            np.uint32(p0),
        )
        k0 = np.uint32(k0 + np.uint32(0x9E3779B9))
        k1 = np.uint32(k1 + np.uint32(0xBB67AE85))
    return c0


@_compiled("void(u8, u8[::1], u4, u4[::1], f8[::1])")
def uniform(key, entities, week, draws, out):
    """Random numbers of one purpose: ``out[i]`` belongs to (entity i, week, draw i).

    Each is (word + 1/2) / 2**32, which a float64 holds exactly.

    Parameters
    ----------
    key
        uint64, hash of run seed and purpose.
    entities, draws
        uint64[n] stable keys of entities, uint32[n] number of the draw.
    week
        uint32.
    out
        float64[n], written.
    """
    k0, k1 = np.uint32(key), np.uint32(key >> np.uint64(32))
    for i in range(entities.size):
        entity = entities[i]
        low, high = np.uint32(entity), np.uint32(entity >> np.uint64(32))
        out[i] = (_word(low, high, week, draws[i], k0, k1) + 0.5) * 2.0**-32


@_compiled(
    "UniTuple(i8, 2)(u8, i8, i8, u8[::1], i4[::1], i4[::1], i4[::1], i8[::1], "
    "i4[::1], i4[::1], i4[::1], i4[::1], u4[::1], "
    "i4[::1], i8[::1], i4[::1], i8[::1], u8[::1], i4[::1], i4[::1], i4[::1], i8[::1])"
)
def move(
    key,
    week,
    count,
    shipment_key,
    lane,
    place,
    launched,
    amount,
    lane_start,
    lane_end,
    lane_weeks,
    reach,
    threshold,
    passed,
    passed_amount,
    delivered,
    delivered_amount,
    seized_key,
    seized_lane,
    seized_place,
    seized_launched,
    seized_amount,
):
    """Move every shipment through one week; those still under way stay in front, in order.

    A lane is one network's use of one route; its checkpoints are the places
    ``lane_start[l] .. lane_end[l] - 1``, reached ``reach[place]`` weeks after launch. At each
    checkpoint the shipment's own random word is compared with ``threshold[place]`` (uint32:
    probability times 2**32); a smaller word means seizure. Without a seizure it is delivered
    ``lane_weeks[l]`` weeks after launch.

    Parameters
    ----------
    key, week, count
        Key of the stream (uint64), present week, shipments under way (first `count` entries).
    shipment_key, lane, place, launched, amount
        uint64, int32, int32, int32, int64 [capacity]: state, changed in place. `place` is the
        next checkpoint, `amount` is in the smallest unit.
    lane_start, lane_end, lane_weeks
        int32[lanes].
    reach, threshold
        int32[places], uint32[places].
    passed, passed_amount
        int32[places], int64[places]: added to, shipments and amount that met a checkpoint.
    delivered, delivered_amount
        int32[lanes], int64[lanes]: added to.
    seized_key, seized_lane, seized_place, seized_launched, seized_amount
        Written from the front, in the order of the shipments.

    Returns
    -------
    Number of shipments still under way, number seized.
    """
    k0, k1 = np.uint32(key), np.uint32(key >> np.uint64(32))
    zero = np.uint32(0)
    kept = 0
    caught = 0
    for i in range(count):
        own = lane[i]
        at, end, start = place[i], lane_end[own], lane_start[own]
        age = week - launched[i]
        low = np.uint32(shipment_key[i])
        high = np.uint32(shipment_key[i] >> np.uint64(32))
        seized = False
        while at < end and reach[at] <= age:
            passed[at] += 1
            passed_amount[at] += amount[i]
            if _word(low, high, np.uint32(at - start), zero, k0, k1) < threshold[at]:
                seized = True
                break
            at += 1
        if seized:
            seized_key[caught] = shipment_key[i]
            seized_lane[caught] = own
            seized_place[caught] = at
            seized_launched[caught] = launched[i]
            seized_amount[caught] = amount[i]
            caught += 1
        elif at == end and age >= lane_weeks[own]:
            delivered[own] += 1
            delivered_amount[own] += amount[i]
        else:
            shipment_key[kept] = shipment_key[i]
            lane[kept] = own
            place[kept] = at
            launched[kept] = launched[i]
            amount[kept] = amount[i]
            kept += 1
    return kept, caught


if __name__ == "__main__":  # importing the real module compiles it and fills the cache
    import simulation.kernels

    print(f"compiled kernels are in {simulation.kernels.CACHE}")
