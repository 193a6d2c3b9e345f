"""What dealers move between the towns of a commodity."""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]


def deal(
    quantity: Real,
    group: NDArray[np.int64],
    price: Real,
    usual: Real,
    demand: Real,
    dealing: float,
    cost: float,
) -> None:
    """Twin of `kernels.deal`."""
    relative = price / usual
    for good in np.unique(group[group >= 0]):
        towns = np.flatnonzero(group == good)
        # cumulative sums add one after the other, as the kernel does
        weighted = np.cumsum(relative[towns] * demand[towns])[-1]
        level = weighted / np.cumsum(demand[towns])[-1]
        beyond = np.maximum(np.abs(relative[towns] - level) - cost, 0.0)
        cheap = relative[towns] < level
        offered = np.where(cheap, np.minimum(dealing * beyond, 1.0) * quantity[towns], 0.0)
        wanted = np.where(cheap, 0.0, dealing * beyond * demand[towns])
        all_offered, all_wanted = np.cumsum(offered)[-1], np.cumsum(wanted)[-1]
        moved = min(all_offered, all_wanted)
        if moved > 0:
            quantity[towns] += moved * (wanted / all_wanted - offered / all_offered)
