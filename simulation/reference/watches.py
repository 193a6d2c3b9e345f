"""What agencies watch."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.intelligence import OWN


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
