"""Twins of what a week teaches."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


def outcomes(
    passed: NDArray[np.int32],
    place_network: NDArray[np.int32],
    place_sector: NDArray[np.int32],
    delivered: NDArray[np.int32],
    lane_network: NDArray[np.int32],
    network: Numbers,
    sector: NDArray[np.int32],
    kept: float,
    crossings: Floats,
    caught: Floats,
    lost: Floats,
    met: Floats,
    loss_rate: Floats,
) -> None:
    """Twin of `kernels.outcomes`."""
    np.add.at(crossings, (place_network, place_sector), passed)
    np.add.at(caught, (network, sector), 1.0)
    seized = np.bincount(network, minlength=lost.size)
    lost[:] = lost * kept + seized
    met[:] = met * kept + seized + np.bincount(lane_network, delivered, met.size)
    loss_rate[:] = lost / np.maximum(met, 1e-9)


def evade(
    loss_rate: Floats,
    active: NDArray[np.bool_],
    luck: Floats,
    often: float,
    pressed: float,
    rate: float,
    most: float,
    fade: float,
    concealment: Floats,
    who: Numbers,
) -> int:
    """Twin of `kernels.evade`."""
    concealment += rate * (loss_rate * active) * (most - concealment)
    concealment -= fade * (concealment - 1)
    changing = np.flatnonzero((luck < often + pressed * loss_rate) & active)
    who[: changing.size] = changing
    return changing.size
