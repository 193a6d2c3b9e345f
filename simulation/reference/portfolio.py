"""Twins of the review of routes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import drawn
from tocsin.simulation.reference.functions import exp_of, gumbel_of, log1p_of, raised

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


def expected_money(
    lines: Whole,
    first: Whole,
    line_network: Whole,
    lane_start: NDArray[np.int32],
    lane_end: NDArray[np.int32],
    sector: NDArray[np.int32],
    risk: Real,
    price: Real,
    market: NDArray[np.int32],
    cost: Real,
    bought: Real,
    bribe_share: float,
    out: Real,
) -> int:
    """Twin of `kernels.expected_money`."""
    number = 0
    for line, (part, own) in zip(lines, _rows(lines, first), strict=True):
        start, end = lane_start[own], lane_end[own]
        log_safe = log1p_of(-risk[line_network[line]])[sector[start[0] : end[-1]]]
        along = np.cumsum([0.0, *log_safe])
        safe = exp_of(along[end - start[0]] - along[start - start[0]])
        earned = price[market[own]]
        bribes = bribe_share * bought[own] * np.maximum(earned - cost[own], 0.0)
        out[part] = (earned - bribes) * safe - cost[own]
        number = part.stop
    return number


def contacts(
    lines: Whole,
    first: Whole,
    line_network: Whole,
    streams: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    week: int,
    life: float,
    weeks: int,
    loss_rate: Real,
    tolerance: float,
    forget_below: float,
    few: int,
    most: int,
    found: int,
    open_: Truth,
    order: Real,
    known: Truth,
    share: Real,
    taste: Real,
) -> None:
    """Twin of `kernels.contacts`."""
    turnover = 1 - raised(1 - 1 / life, weeks)
    turns, tastes, finds = (int(stream) for stream in streams)
    for line, (_, own) in zip(lines, _rows(lines, first), strict=True):
        turned = drawn(turns, keys[own], week) < turnover
        taste[own] = np.where(turned, gumbel_of(drawn(tastes, keys[own], week)), taste[own])
        kept = known[own] & (share[own] >= forget_below)
        if loss_rate[line_network[line]] > tolerance or (known[own] & ~open_[own]).any():
            score = gumbel_of(drawn(finds, keys[own], week)) + order[own]
            score[known[own] | ~open_[own]] = -np.inf
            room = max(0, min(found, most - int(known[own].sum())))
            best = np.argsort(-score, kind="stable")[:room]
            known[own][best[score[best] > -np.inf]] = True
        elif kept.sum() >= few:
            known[own], share[own] = kept, share[own] * kept


def attraction(
    lines: Whole,
    first: Whole,
    market: NDArray[np.int32],
    known: Truth,
    open_: Truth,
    money: Real,
    scale: Real,
    taste: Real,
    liking: float,
    temperature: float,
    between: float,
    out: Real,
) -> None:
    """Twin of `kernels.attraction`."""
    for part, own in _rows(lines, first):
        usable = known[own] & open_[own]
        usable = usable if usable.any() else known[own]
        worth = np.where(usable, money[part] / scale[own] + liking * taste[own], -np.inf)
        most, weight = worth.max(initial=-np.inf), np.zeros(worth.size)
        for number in np.unique(market[own][usable]):
            nest = market[own] == number
            best = worth[nest].max()
            inside = np.where(usable[nest], exp_of((worth[nest] - best) / temperature), 0.0)
            together = np.add.reduce(inside)
            attracts = float(exp_of(np.array((best - most) / between)))
            weight[nest] = inside * (attracts * raised(together, temperature / between) / together)
        out[part] = weight


def move_shares(
    lines: Whole,
    first: Whole,
    weight: Real,
    money: Real,
    inertia: float,
    weeks: int,
    usual: Real,
    exponent: float,
    cap: float,
    share: Real,
    volume: Real,
) -> None:
    """Twin of `kernels.move_shares`."""
    step = 1 - raised(1 - inertia, weeks)
    for line, (part, own) in zip(lines.tolist(), _rows(lines, first), strict=True):
        target = weight[part] / np.add.reduce(weight[part])
        moved = share[own] + step * (target - share[own])
        share[own] = moved / np.add.reduce(moved)
        weight[part] = share[own] * money[part]
        margin = max(np.add.reduce(weight[part]), 0.0) / usual[line]
        volume[line] = min(cap, raised(margin, exponent))
