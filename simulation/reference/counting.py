"""Twins of what passed where in a week, what is under way, of prices and of means of many."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]


def passing(
    good: int, lane_good: Whole, place_lane: Numbers, place_sector: Numbers, passed_amount: Whole,
    flow: Whole,
) -> None:  # fmt: skip
    """Twin of `kernels.passing`."""
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
    """Twin of `kernels.endings`."""
    delivered = delivered_amount * (lane_good == good)
    through += delivered @ entered
    passed_on += delivered @ passed
    left, behind = left_at[seized_lane], seized_place - lane_start[seized_lane]
    gone = (left > 0) & (left <= behind[:, None])
    passed_on += (seized_amount * (lane_good[seized_lane] == good)) @ gone


def under_way(lane_good: Whole, lane: Numbers, amount: Whole, out: Whole) -> None:
    """Twin of `kernels.under_way`."""
    np.add.at(out, lane_good[lane], amount)


def price_level(market_good: Whole, price: Floats, usual: Floats, out: Floats) -> None:
    """Twin of `kernels.price_level`."""
    quantity = np.bincount(market_good, usual, out.size)
    out[:] = np.nan
    worth = np.bincount(market_good, price * usual, out.size)
    np.divide(worth, quantity, out=out, where=quantity > 0)


def _mean(values: Floats, chosen: Flags) -> float:
    return float(np.mean(values[chosen])) if chosen.any() else float("nan")


def in_business(
    active: Flags, filled: Whole, size: Whole, concealment: Floats
) -> tuple[int, int, float, float]:
    """Twin of `kernels.in_business`."""
    at_large = filled.sum(axis=1)
    strength = _mean(at_large / size, active)
    return int(active.sum()), int(at_large[active].sum()), strength, _mean(concealment, active)


def among_members(
    members: Flags,
    trust: Floats,
    law: Floats,
    distance: Floats,
    ratified: Flags,
    method: Floats,
    effort: Floats,
    will: Floats,
    corruption: Floats,
    received: Floats,
    misspent: Floats,
) -> tuple[float, ...]:
    """Twin of `kernels.among_members`."""
    pairs = members[:, None] & members & ~np.eye(members.size, dtype=bool)
    parties = (ratified[:, None] & ratified).astype(float)
    return (
        *(_mean(values, pairs) for values in (trust, law, distance, parties)),
        *(_mean(values, members) for values in (method, effort, will, corruption)),
        float((received * misspent).sum()),
    )
