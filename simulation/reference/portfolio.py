"""Twins of the review of routes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulation.reference.draws import drawn
from simulation.reference.functions import exp_of, raised

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]


def _rows(lines: Whole, first: Whole) -> Iterator[tuple[slice, slice]]:
    """Of each line in turn, its entries among the lanes of these lines, and its lanes."""
    done = 0
    for line in lines.tolist():
        own = slice(int(first[line]), int(first[line + 1]))
        yield slice(done, done + own.stop - own.start), own
        done += own.stop - own.start


def passage(
    lines: Whole,
    first: Whole,
    lane_start: NDArray[np.int32],
    lane_end: NDArray[np.int32],
    sector: NDArray[np.int32],
    log_safe: Real,
    out: Real,
) -> int:
    """Twin of :func:`simulation.kernels.passage`."""
    number = 0
    for seen, (part, own) in zip(log_safe, _rows(lines, first), strict=True):
        start, end = lane_start[own], lane_end[own]
        along = np.cumsum([0.0, *seen[sector[start[0] : end[-1]]]])
        out[part] = along[end - start[0]] - along[start - start[0]]
        number = part.stop
    return number


def expected_money(
    lines: Whole,
    first: Whole,
    price: Real,
    market: NDArray[np.int32],
    cost: Real,
    bought: Real,
    bribe_share: float,
    log_safe: Real,
    out: Real,
) -> None:
    """Twin of :func:`simulation.kernels.expected_money`."""
    for part, own in _rows(lines, first):
        earned = price[market[own]]
        bribes = bribe_share * bought[own] * np.maximum(earned - cost[own], 0.0)
        out[part] = (earned - bribes) * exp_of(log_safe[part]) - cost[own]


def contacts(
    lines: Whole,
    first: Whole,
    streams: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    week: int,
    turnover: float,
    loss_rate: Real,
    tolerance: float,
    forget_below: float,
    few: int,
    most: int,
    open_: Truth,
    known: Truth,
    share: Real,
    lane: Whole,
    luck: Real,
) -> tuple[int, int]:
    """Twin of :func:`simulation.kernels.contacts`."""
    rows = [np.arange(own.start, own.stop) for _, own in _rows(lines, first)]
    at = np.concatenate(rows)
    lane[: at.size], luck[: at.size] = at, drawn(int(streams[0]), keys[at], week)
    turned = at[luck[: at.size] < turnover]
    sought = [at[:0]]
    for own, lost in zip(rows, loss_rate, strict=True):
        kept = known[own] & (share[own] >= forget_below)
        if lost > tolerance or (known[own] & ~open_[own]).any():
            if known[own].sum() < most:
                sought.append(own[open_[own] & ~known[own]])
        elif kept.sum() >= few:
            known[own], share[own] = kept, share[own] * kept
    found = np.concatenate(sought)
    new, end = turned.size, turned.size + found.size
    lane[:new], luck[:new] = turned, drawn(int(streams[1]), keys[turned], week)
    lane[new:end], luck[new:end] = found, drawn(int(streams[2]), keys[found], week)
    return new, end


def discover(
    lanes: Whole,
    first: Whole,
    lane_line: NDArray[np.int32],
    each: int,
    most: int,
    order: Real,
    luck: Real,
    known: Truth,
) -> None:
    """Twin of :func:`simulation.kernels.discover`."""
    line = lane_line[lanes]
    score = luck + order[lanes]
    for number in np.unique(line):
        room = min(each, most - int(known[first[number] : first[number + 1]].sum()))
        own = np.flatnonzero(line == number)
        known[lanes[own[np.argsort(-score[own], kind="stable")[: max(room, 0)]]]] = True


def attraction(
    lines: Whole,
    first: Whole,
    known: Truth,
    open_: Truth,
    money: Real,
    scale: Real,
    taste: Real,
    liking: float,
    temperature: float,
    out: Real,
) -> None:
    """Twin of :func:`simulation.kernels.attraction`."""
    for part, own in _rows(lines, first):
        usable = known[own] & open_[own]
        usable = usable if usable.any() else known[own]
        worth = money[part] / scale[own] + liking * taste[own]
        best = worth.max(where=usable, initial=-np.inf)
        out[part] = np.where(usable, exp_of((worth - best) / temperature), 0.0)


def move_shares(
    lines: Whole,
    first: Whole,
    weight: Real,
    money: Real,
    step: float,
    usual: Real,
    exponent: float,
    cap: float,
    share: Real,
    volume: Real,
) -> None:
    """Twin of :func:`simulation.kernels.move_shares`."""
    for line, (part, own) in zip(lines.tolist(), _rows(lines, first), strict=True):
        target = weight[part] / np.add.reduce(weight[part])
        moved = share[own] + step * (target - share[own])
        share[own] = moved / np.add.reduce(moved)
        weight[part] = share[own] * money[part]
        margin = max(np.add.reduce(weight[part]), 0.0) / usual[line]
        volume[line] = min(cap, raised(margin, exponent))
