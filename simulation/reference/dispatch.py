"""Twins of dispatch."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import chained, drawn
from tocsin.simulation.reference.functions import lognormal_of

Keys = NDArray[np.uint64]
Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Real = NDArray[np.float64]


def launches(
    streams: Keys,
    week: int,
    network_keys: Keys,
    labour: Real,
    active: NDArray[np.bool_],
    spread: float,
    made: Real,
    capacity: Real,
    volume: Real,
    mean_size: Real,
    line_network: Whole,
    line_commodity: Whole,
    first: Whole,
    share: Real,
    open_: NDArray[np.bool_],
    keys: Keys,
    number: Whole,
) -> int:
    """Twin of `kernels.launches`."""
    busy = lognormal_of(drawn(int(streams[0]), network_keys, week), spread)
    units = capacity * volume * (labour * active * busy)[line_network] * made[line_commodity]
    units /= mean_size[line_commodity]
    expected = np.repeat(units, np.diff(first)) * (share * open_)
    luck = drawn(int(streams[1]), keys, week)
    number[:] = np.where(expected > 0, np.floor(expected + luck), 0)
    return int(number.sum())


def send_off(
    week: int,
    number: Whole,
    lane_start: Small,
    keys: Keys,
    key: Keys,
    lane: Small,
    place: Small,
    launched: Small,
) -> None:
    """Twin of `kernels.send_off`."""
    lane[:] = np.repeat(np.arange(number.size), number)
    nth = np.arange(lane.size) - np.repeat(np.cumsum(number) - number, number)
    chained(keys[lane], np.full(1, week, dtype=np.uint64), key)
    chained(key, nth.astype(np.uint64), key)
    place[:], launched[:] = lane_start[lane], week


def load(
    stream: np.uint64,
    key: Keys,
    lane: Small,
    spread: Real,
    largest: float,
    commodity: Whole,
    mean_size: Real,
    smallest: Whole,
    cost: Real,
    amount: Whole,
    spent: Real,
    produced: Whole,
) -> None:
    """Twin of `kernels.load`."""
    good, size = commodity[lane], lognormal_of(drawn(int(stream), key), spread[lane])
    held = mean_size[good] * np.minimum(size, largest) * smallest[good]
    amount[:] = np.maximum(1, np.rint(held))
    spent[:] = np.bincount(lane, amount, spent.size) * cost
    np.add.at(produced, good, amount)
