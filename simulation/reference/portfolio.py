"""Which lanes are chosen, and which are found."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import uniform
from tocsin.simulation.reference.functions import exp_of, gumbel_of, raised

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]
FIRST = np.zeros(1, dtype=np.uint32)  # the first draw of a week


def _rows(lines: Whole, first: Whole) -> Iterator[tuple[slice, slice]]:
    """Of each line in turn, its entries among the lanes of these lines, and its lanes."""
    done = 0
    for line in lines.tolist():
        own = slice(int(first[line]), int(first[line + 1]))
        yield slice(done, done + own.stop - own.start), own
        done += own.stop - own.start


def discover(
    turn: Whole,
    first: Whole,
    seeks: Truth,
    stream: int,
    keys: NDArray[np.uint64],
    week: int,
    open_: Truth,
    order: Real,
    found: int,
    most: int,
    known: Truth,
) -> None:
    """Twin of `discover`, a part of `kernels.review`."""
    luck = np.empty(keys.size)
    uniform(stream, keys, week, FIRST, luck)
    for seeking, (_, own) in zip(seeks, _rows(turn, first), strict=True):
        if seeking:
            score = gumbel_of(luck[own]) + order[own]
            score[known[own] | ~open_[own]] = -np.inf
            room = max(0, min(found, most - int(known[own].sum())))
            best = np.argsort(-score, kind="stable")[:room]
            known[own][best[score[best] > -np.inf]] = True


def attraction(
    turn: Whole,
    first: Whole,
    market: NDArray[np.int32],
    worth: Real,
    temperature: float,
    between: float,
    out: Real,
) -> None:
    """Twin of `kernels.attraction`."""
    for part, own in _rows(turn, first):
        usable = worth[part] > -np.inf
        most, weight = worth[part].max(initial=-np.inf), np.zeros(usable.size)
        for number in np.unique(market[own][usable]):
            nest = market[own] == number
            best = worth[part][nest].max()
            inside = np.where(usable[nest], exp_of((worth[part][nest] - best) / temperature), 0.0)
            together = np.add.reduce(inside)
            attracts = float(exp_of(np.array((best - most) / between)))
            weight[nest] = inside * (attracts * raised(together, temperature / between) / together)
        out[part] = weight
