"""Twins of case files and operations."""

import numpy as np
from numpy.typing import NDArray

from simulation.reference.draws import uniform

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
    """Twin of :func:`simulation.kernels.file_evidence`."""
    np.add.at(evidence, (country, network), worth[country])
    latest[country, network] = key


def operations(
    stream: int,
    week: int,
    keys: Keys,
    evidence: NDArray[np.float64],
    active: NDArray[np.bool_],
    rate: NDArray[np.float64],
    square: float,
    ready: NDArray[np.int64],
) -> int:
    """Twin of :func:`simulation.kernels.operations`."""
    full = evidence**2 / (evidence**2 + square)
    drawn = np.empty(keys.size)
    uniform(stream, keys.ravel(), week, FIRST, drawn)
    found = np.argwhere(drawn.reshape(keys.shape) < rate[:, None] * full * active)
    ready[: len(found)] = found
    return len(found)
