"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]


def philox(c0: Words, c1: Words, c2: Words, c3: Words, key: int) -> Words:
    """First word of Philox4x32-10 for counters (c0, c1, c2, c3), broadcast against each other."""
    counters = [np.asarray(c, dtype=np.uint64) for c in (c0, c1, c2, c3)]
    mask = np.uint64(0xFFFFFFFF)
    k0, k1 = key & 0xFFFFFFFF, key >> 32
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


def uniform(
    key: int, entities: NDArray[np.uint64], week: int, draws: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """Twin of :func:`simulation.kernels.uniform`; returns what that one writes."""
    low, high = entities.astype(np.uint32), (entities >> np.uint64(32)).astype(np.uint32)
    word = philox(low, high, np.full_like(low, week), draws, key)
    return (word.astype(np.float64) + 0.5) / 2.0**32


def move(
    key: int,
    week: int,
    count: int,
    shipment_key: NDArray[np.uint64],
    lane: NDArray[np.int32],
    place: NDArray[np.int32],
    launched: NDArray[np.int32],
    amount: NDArray[np.int64],
    lane_start: NDArray[np.int32],
    lane_end: NDArray[np.int32],
    lane_weeks: NDArray[np.int32],
    reach: NDArray[np.int32],
    threshold: NDArray[np.uint32],
    passed: NDArray[np.int32],
    passed_amount: NDArray[np.int64],
    delivered: NDArray[np.int32],
    delivered_amount: NDArray[np.int64],
    seized_key: NDArray[np.uint64],
    seized_lane: NDArray[np.int32],
    seized_place: NDArray[np.int32],
    seized_launched: NDArray[np.int32],
    seized_amount: NDArray[np.int64],
) -> tuple[int, int]:
    """Twin of :func:`simulation.kernels.move`, with the same arguments and effects."""
    keys, lanes, places = shipment_key[:count], lane[:count], place[:count]
    age, amounts = week - launched[:count], amount[:count]
    seized = np.zeros(count, dtype=bool)
    while True:
        here = np.minimum(places, lane_end[lanes] - 1)
        meets = ~seized & (places < lane_end[lanes]) & (reach[here] <= age)
        if not meets.any():
            break
        at, who = places[meets], keys[meets]
        np.add.at(passed, at, 1)
        np.add.at(passed_amount, at, amounts[meets])
        low, high = who.astype(np.uint32), (who >> np.uint64(32)).astype(np.uint32)
        step = (at - lane_start[lanes[meets]]).astype(np.uint32)
        drawn = philox(low, high, step, np.zeros_like(low), key)
        found = drawn < threshold[at]
        seized[np.flatnonzero(meets)[found]] = True
        places[meets] = np.where(found, at, at + 1)
    arrived = ~seized & (places == lane_end[lanes]) & (age >= lane_weeks[lanes])
    np.add.at(delivered, lanes[arrived], 1)
    np.add.at(delivered_amount, lanes[arrived], amounts[arrived])
    caught, left = int(seized.sum()), ~seized & ~arrived
    for target, source in (
        (seized_key, shipment_key),
        (seized_lane, lane),
        (seized_place, place),
        (seized_launched, launched),
        (seized_amount, amount),
    ):
        target[:caught] = source[:count][seized]
        source[: int(left.sum())] = source[:count][left]
    return int(left.sum()), caught
