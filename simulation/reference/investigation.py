"""Twins of case files, what comes into them, and operations."""

import math

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.investigation import UNLIKE
from tocsin.simulation.reference.draws import uniform

Keys = NDArray[np.uint64]
FIRST = np.zeros(1, dtype=np.uint32)  # the first draw of a week


def file_evidence(
    country: NDArray[np.int64],
    network: NDArray[np.int64],
    key: Keys,
    worth: NDArray[np.float64],
    evidence: NDArray[np.float64],
    latest: Keys,
) -> None:
    """Twin of `kernels.file_evidence`."""
    np.add.at(evidence, (country, network), worth[country])
    latest[country, network] = key


def operations(
    stream: int,
    week: int,
    keys: Keys,
    evidence: NDArray[np.float64],
    active: NDArray[np.bool_],
    rate: float,
    skill: NDArray[np.float64],
    half_full: float,
    ready: NDArray[np.int64],
) -> int:
    """Twin of `kernels.operations`."""
    full = evidence**2 / (evidence**2 + half_full**2)
    drawn = np.empty(keys.size)
    uniform(stream, keys.ravel(), week, FIRST, drawn)
    found = np.argwhere(drawn.reshape(keys.shape) < (rate * skill)[:, None] * full * active)
    ready[: len(found)] = found
    return len(found)


def send_evidence(
    now: int,
    weeks: NDArray[np.int64],
    recipients: NDArray[np.bool_],
    origin: NDArray[np.int64],
    network: NDArray[np.int64],
    compatible: NDArray[np.float64],
    skill: NDArray[np.float64],
    lead: float,
    proof: float,
    mla_weeks: float,
    aged: NDArray[np.float64],
    coming: NDArray[np.float64],
) -> tuple[int, int]:
    """Twin of `kernels.send_evidence`, with the same arguments and effects."""
    item, reader = np.nonzero(recipients)
    sender, of_network = origin[item], network[item]
    worth = compatible[sender, reader] * skill[sender]
    waiting = np.rint(mla_weeks * (UNLIKE - compatible[sender, reader])).astype(np.int64)
    for week, weight in ((weeks[item], lead), (weeks[item] + waiting, proof)):
        at = week % len(coming), reader, of_network
        np.add.at(coming, at, weight * worth * aged[week - now])
    return item.size, int(waiting.sum())


def arrive(
    kept: float,
    coming: NDArray[np.float64],
    evidence: NDArray[np.float64],
) -> float:
    """Twin of `kernels.arrive`, with the same arguments and effects."""
    evidence *= kept
    evidence += coming
    total = math.fsum(coming.ravel().tolist())
    coming[:] = 0.0
    return total
