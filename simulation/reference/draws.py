"""Twins of the random numbers."""

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Keys = NDArray[np.uint64]


def philox(c0: Words, c1: Words, c2: Words, c3: Words, key: int) -> Words:
    """First word of Philox4x32-10 for counters (c0, c1, c2, c3), broadcast against each other."""
    counters = [np.asarray(c, dtype=np.uint64) for c in (c0, c1, c2, c3)]
    mask = np.uint64(0xFFFFFFFF)
    k0, k1 = int(key) & 0xFFFFFFFF, int(key) >> 32
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * counters[0], np.uint64(0xCD9E8D57) * counters[2]
        counters = [
            (p1 >> np.uint64(32)) ^ counters[1] ^ np.uint64(k0),
            p1 & mask,
            (p0 >> np.uint64(32)) ^ counters[3] ^ np.uint64(k1),
            p0 & mask,
        ]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return counters[0].astype(np.uint32)


def uniform(key: int, entities: Keys, week: int, draws: Words, out: NDArray[np.float64]) -> None:
    """Twin of `kernels.uniform`."""
    low, high = entities.astype(np.uint32), (entities >> np.uint64(32)).astype(np.uint32)
    word = philox(low, high, np.full_like(low, week), draws, key)
    out[:] = (word.astype(np.float64) + 0.5) / 2.0**32


def _scrambled(keys: Keys) -> Keys:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): every bit moves half of the others."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))


def chained(keys: Keys, numbers: Keys, out: Keys) -> None:
    """Twin of `kernels.chained`."""
    out[:] = _scrambled(keys ^ _scrambled(numbers + np.uint64(0x9E3779B97F4A7C15)))
