"""Twins of what agencies come to know and sell."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.draws import Keys, chained, drawn

OWN = -1
MODUS, SEEN, SENDER, WORD = range(4)
NETWORK = 1


def receive(
    routes: NDArray[np.int64],
    key: Keys,
    seen: int,
    word: int,
    readers: NDArray[np.bool_],
    place_sector: NDArray[np.int32],
    owner: NDArray[np.int16],
    interest: NDArray[np.float64],
    latest: NDArray[np.int32],
    latest_key: Keys,
) -> None:
    """Twin of `kernels.receive`, with the same arguments and effects."""
    for i, (origin, n, modus, start, end) in enumerate(routes.tolist()):
        at = place_sector[start:end]
        at = at[readers[i, owner[at]] & (latest[MODUS, at, n] <= modus)]
        interest[at, n] = np.where(latest[MODUS, at, n] < modus, 1.0, interest[at, n] + 1)
        latest[MODUS, at, n] = modus
        latest[SEEN, at, n] = seen
        latest[SENDER, at, n] = np.where(owner[at] == origin, OWN, origin)
        latest[WORD, at, n] = word
        latest_key[at, n] = key[i]


def release(
    stream: int,
    week: int,
    weeks: NDArray[np.int64],
    key: Keys,
    routes: NDArray[np.int64],
    recipients: NDArray[np.bool_],
    active: NDArray[np.bool_],
    country_key: Keys,
    rate: float,
    bought: NDArray[np.float64],
    unprotected: float,
    readers: NDArray[np.bool_],
    leaks: NDArray[np.int64],
) -> int:
    """Twin of `kernels.release`, with the same arguments and effects."""
    due = (weeks == week) & active[routes[:, NETWORK]]
    readers[:] = recipients & due[:, None]
    entities = np.empty(readers.shape, dtype=np.uint64)
    chained(key[:, None], country_key[None, :], entities)
    sold = np.argwhere(readers & (drawn(stream, entities) < rate * bought * unprotected))
    leaks[: len(sold)] = sold
    return len(sold)
