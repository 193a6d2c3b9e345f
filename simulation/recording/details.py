"""Details on request: what is remembered for deliveries and missed tips, too many for every log."""

from collections import deque

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.state import Laid


class Details(Laid):
    """What was under way before the week's movement, and what passed in the weeks of patience.

    Attributes
    ----------
    key, lane, amount
        uint64[n], int32[n], int64[n] of what was under way.
    passed
        int32[P] of each of the latest weeks.
    """

    def __init__(self, patience: int) -> None:
        self.passed: deque[NDArray[np.int32]] = deque(maxlen=patience)

    def before(
        self, key: NDArray[np.uint64], lane: NDArray[np.int32], amount: NDArray[np.int64]
    ) -> None:
        """Note what is under way before the week's movement. Each [n]"""
        self.key, self.lane, self.amount = key.copy(), lane.copy(), amount.copy()
