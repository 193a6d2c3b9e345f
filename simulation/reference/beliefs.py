"""Twins of what networks believe."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


def perceived_risk(
    losses: Counts, safe: Counts, active: NDArray[np.bool_], rumour: float, most: float, out: Counts
) -> None:
    """Twin of `kernels.perceived_risk`."""
    own = losses / (losses + safe)
    if rumour and active.sum() > 1:
        others = (own[active].sum(axis=0) - own * active[:, None]) / np.maximum(
            active.sum() - active, 1
        )[:, None]
        own = own + rumour * (others - own)
    out[:] = np.minimum(own, most)


def experience(
    losses: Counts,
    safe: Counts,
    prior_losses: NDArray[np.float64],
    prior_safe: NDArray[np.float64],
    kept: float,
    lost: Counts,
    crossed: Counts,
) -> None:
    """Twin of `kernels.experience`."""
    for counts, prior, new in ((losses, prior_losses, lost), (safe, prior_safe, crossed - lost)):
        counts -= prior
        counts *= kept
        counts += prior
        counts += new
