"""Twins of what agencies watch and learn."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.intelligence import OWN, SENDER, WORD


def choose_watches(
    interest: NDArray[np.float64],
    sender: NDArray[np.int32],
    owner: NDArray[np.int16],
    tried: NDArray[np.float64],
    won: NDArray[np.float64],
    least: float,
    trust: float,
    most: int,
    chosen: NDArray[np.bool_],
) -> None:
    """Twin of `kernels.choose_watches`, with the same arguments and
    effects.
    """
    came_true = won / tried
    trusted = np.minimum(trust, came_true[:, 1] / came_true[:, 0])
    value = np.where(sender == OWN, 1.0, trusted[owner][:, None]) * interest
    chosen[:] = value > least
    for country in range(trusted.size):
        own = np.flatnonzero(chosen & (owner == country)[:, None])
        best = np.argsort(-value.ravel()[own], kind="stable")
        chosen.ravel()[own[best[most:]]] = False


def begin_watches(
    chosen: NDArray[np.bool_],
    watched: NDArray[np.bool_],
    sender: NDArray[np.int32],
    until: int,
    open_until: NDArray[np.int32],
    begun: NDArray[np.int64],
) -> int:
    """Twin of `kernels.begin_watches`, with the same arguments and effects."""
    new = chosen & ~watched
    open_until[new & (sender != OWN)] = until
    pairs = np.argwhere(new)
    begun[: len(pairs)] = np.column_stack([pairs, sender[new]])
    return len(pairs)


def judge_watches(
    week: int,
    watched: NDArray[np.bool_],
    caught: NDArray[np.float64],
    owner: NDArray[np.int16],
    latest: NDArray[np.int32],
    dry: float,
    interest: NDArray[np.float64],
    open_until: NDArray[np.int32],
    kept: float,
    first_tried: float,
    first_won: float,
    tried: NDArray[np.float64],
    won: NDArray[np.float64],
    owed: NDArray[np.float64],
    by_word: NDArray[np.int64],
    expired: NDArray[np.int64],
) -> tuple[int, int]:
    """Twin of `kernels.judge_watches`, with the same arguments and effects."""
    if watched.any():
        tried[:] = first_tried + (tried - first_tried) * kept
        won[:] = first_won + (won - first_won) * kept
    sector, network = np.nonzero(watched)
    hit = caught[network, sector] > 0
    country, sender = owner[sector], latest[SENDER, sector, network]
    foreign = sender != OWN
    np.add.at(tried, (country, foreign.astype(int)), 1.0)
    np.add.at(won, (country, foreign.astype(int)), hit)
    np.add.at(owed, (country[hit & foreign], sender[hit & foreign]), 1.0)
    np.add.at(by_word, latest[WORD, sector, network][hit], 1)
    interest[sector[~hit], network[~hit]] *= dry
    closed = hit & (open_until[sector, network] >= week)
    open_until[sector[closed], network[closed]] = 0
    last = np.argwhere(open_until == week)
    expired[: len(last)] = last
    return int(closed.sum()), len(last)
