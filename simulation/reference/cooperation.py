"""Twins of the willingness to share."""

import numpy as np
from numpy.typing import NDArray


def reluctance(
    weights: NDArray[np.float64],
    trust: NDArray[np.float64],
    legal: NDArray[np.float64],
    distance: NDArray[np.float64],
    will: NDArray[np.float64],
    sovereignty: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Twin of :func:`simulation.kernels.reluctance`, with the same arguments and effects."""
    constant, of_trust, of_law, of_language, of_will, of_sovereignty = weights
    odds = constant + of_trust * trust + of_law * legal + of_language * (1 - distance)
    out[:] = -(odds + (of_will * will - of_sovereignty * sovereignty)[:, None])


def given(
    against: NDArray[np.float64],
    asked: NDArray[np.float64],
    effort: NDArray[np.float64],
    told: NDArray[np.bool_],
    out: NDArray[np.float64],
) -> None:
    """Twin of :func:`simulation.kernels.given`, with the same arguments and effects."""
    out[:] = (asked * effort)[:, None] * (1 / (1 + against)) * told
