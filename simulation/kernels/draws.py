"""Counter-based random numbers.

Random words come from Philox4x32-10 (Salmon et al., SC'11, "Parallel random numbers: as easy as
1, 2, 3"), whose value depends on key and counter alone, never on order.
"""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import F8, U4, U8

LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


@numba.njit(inline="always")
def word(c0, c1, c2, c3, k0, k1):
    """Ten rounds of Philox4x32, first word of four."""
    # 32-bit numbers in 64-bit lanes, so that a loop over it becomes vector code; what an
    # addition carries beyond 32 bits is never looked at
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * (c0 & LOW)
        p1 = np.uint64(0xCD9E8D57) * (c2 & LOW)
        c0, c1, c2, c3 = (p1 >> HALF) ^ c1 ^ k0, p1, (p0 >> HALF) ^ c3 ^ k1, p0
        k0 += np.uint64(0x9E3779B9)
        k1 += np.uint64(0xBB67AE85)
    return np.uint32(c0)


@numba.njit(inline="always")
def drawn(key, entity, week, draw):
    """One random number as :func:`uniform` gives it; `key` and `entity` are uint64."""
    key, entity = np.uint64(key), np.uint64(entity)
    low, high, now, nth = entity & LOW, entity >> HALF, np.uint64(week), np.uint64(draw)
    return (word(low, high, now, nth, key & LOW, key >> HALF) + 0.5) * 2.0**-32


@compiled
def draw_each(
    key: np.uint64,
    entities: Annotated[U8, "n"],
    count: int,
    week: np.uint64,
    draw: np.uint64,
    out: Annotated[F8, "n"],
) -> None:
    """The same draw for each of the first `count` entities.

    A function of its own, over entities that lie in a row, or it is not made vector code.
    """
    for i in range(count):
        out[i] = drawn(key, entities[i], week, draw)


@compiled
def uniform(
    key: np.uint64,
    entities: Annotated[U8, "n"],
    week: int,
    draws: Annotated[U4, "1 or n"],
    out: Annotated[F8, "n"],
) -> None:
    """Random numbers of one purpose: ``out[i]`` belongs to (entity i, week, draw i).

    Each is (word + 1/2) / 2**32, which a float64 holds exactly.

    Parameters
    ----------
    key
        Hash of run seed and purpose.
    entities, draws
        Stable keys of entities, number of the draw, or one for all.
    out
        Written.
    """
    now = np.uint64(week)
    if draws.size == 1:
        draw_each(key, entities, entities.size, now, np.uint64(draws[0]), out)
        return
    for i in range(entities.size):
        out[i] = drawn(key, entities[i], now, np.uint64(draws[i]))


@numba.njit(inline="always")
def _scrambled(key):  # the finaliser of splitmix64
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


@numba.njit(inline="always")
def hashed(key, number):
    """A number hashed into a key, both uint64."""
    step = np.uint64(number) + np.uint64(0x9E3779B97F4A7C15)
    return _scrambled(np.uint64(key) ^ _scrambled(step))


@compiled
def chained(
    keys: Annotated[U8, "1 or n"],
    numbers: Annotated[U8, "1 or n"],
    out: Annotated[U8, "n"],
) -> None:
    """Hash a number into each key: ``out[i]`` belongs to (key i, number i).

    Parameters
    ----------
    keys, numbers
        One each, or one for all.
    out
        Written; it may be `keys`.
    """
    one_key, one_number = keys.size == 1, numbers.size == 1
    for i in range(out.size):
        out[i] = hashed(keys[0 if one_key else i], numbers[0 if one_number else i])
