"""Twins of what passed where in a week, what is under way, and means of those who count."""

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]


def passing(
    good: int, lane_good: Whole, place_lane: Numbers, place_sector: Numbers, passed_amount: Whole,
    flow: Whole,
) -> None:  # fmt: skip
    """Twin of :func:`simulation.kernels.passing`."""
    np.add.at(flow, place_sector, passed_amount * (lane_good[place_lane] == good))


def endings(
    good: int,
    lane_good: Whole,
    lane_start: Numbers,
    entered: Flags,
    passed: Flags,
    left_at: Numbers,
    delivered_amount: Whole,
    seized_lane: Numbers,
    seized_place: Numbers,
    seized_amount: Whole,
    through: Whole,
    passed_on: Whole,
) -> None:
    """Twin of :func:`simulation.kernels.endings`."""
    delivered = delivered_amount * (lane_good == good)
    through += delivered @ entered
    passed_on += delivered @ passed
    left, behind = left_at[seized_lane], seized_place - lane_start[seized_lane]
    gone = (left > 0) & (left <= behind[:, None])
    passed_on += (seized_amount * (lane_good[seized_lane] == good)) @ gone


def under_way(lane_good: Whole, lane: Numbers, amount: Whole, out: Whole) -> None:
    """Twin of :func:`simulation.kernels.under_way`."""
    np.add.at(out, lane_good[lane], amount)


def mean(values: NDArray[np.float64], chosen: Flags) -> float:
    """Twin of :func:`simulation.kernels.mean`."""
    return float(np.mean(values[chosen])) if chosen.any() else float("nan")
