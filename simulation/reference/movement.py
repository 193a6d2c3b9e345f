"""The movement and detection of shipments."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.movement import Columns, Courses, Passages
from tocsin.simulation.reference.draws import philox


def move(
    key: int,
    week: int,
    count: int,
    shipments: Columns,
    courses: Courses,
    threshold: NDArray[np.uint32],
    counts: Passages,
    seized: Columns,
) -> tuple[int, int]:
    """Twin of `kernels.move`, with the same arguments and effects."""
    keys, lanes = shipments.key[:count], shipments.lane[:count]
    places, launched = shipments.place[:count].copy(), shipments.launched[:count]
    age, amounts, end = week - launched, shipments.amount[:count], courses.end[lanes]
    caught = np.zeros(count, dtype=bool)
    while True:
        here = np.minimum(places, end - 1)
        meets = ~caught & (places < end) & (courses.reach[here] <= age)
        if not meets.any():
            break
        at, who = places[meets], keys[meets]
        np.add.at(counts.passed, at, 1)
        np.add.at(counts.passed_amount, at, amounts[meets])
        low, high = who.astype(np.uint32), (who >> np.uint64(32)).astype(np.uint32)
        step = (at - courses.start[lanes[meets]]).astype(np.uint32)
        drawn = philox(low, high, step, np.zeros_like(low), key)
        found = drawn < threshold[at]
        caught[np.flatnonzero(meets)[found]] = True
        places[meets] = np.where(found, at, at + 1)
    arrived = ~caught & (places == end) & (age >= courses.weeks[lanes])
    np.add.at(counts.delivered, lanes[arrived], 1)
    np.add.at(counts.delivered_amount, lanes[arrived], amounts[arrived])
    left = ~caught & ~arrived
    number, still = int(caught.sum()), int(left.sum())
    present = Columns(keys, lanes, places, launched, amounts)
    for target, source, values in zip(seized, shipments, present, strict=True):
        target[:number] = values[caught]
        source[:still] = values[left]
    return still, number
