"""What networks believe of sectors."""

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
