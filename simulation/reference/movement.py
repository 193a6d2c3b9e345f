"""Twin of the movement of shipments."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import philox


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
    """Twin of `kernels.move`, with the same arguments and effects."""
    keys, lanes, places = shipment_key[:count], lane[:count], place[:count].copy()
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
    for target, source, values in (
        (seized_key, shipment_key, keys),
        (seized_lane, lane, lanes),
        (seized_place, place, places),
        (seized_launched, launched, launched[:count]),
        (seized_amount, amount, amounts),
    ):
        target[:caught] = values[seized]
        source[: int(left.sum())] = values[left]
    return int(left.sum()), caught
