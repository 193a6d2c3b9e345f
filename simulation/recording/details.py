"""Details on request: what is remembered for deliveries and missed tips, too many for every log."""

from collections import deque

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.mechanisms.networks.shipments import Shipments
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

    def before(self, under_way: Shipments) -> None:
        """Note what is under way before the week's movement."""
        count = under_way.count
        self.key = under_way.key[:count].copy()
        self.lane = under_way.lane[:count].copy()
        self.amount = under_way.amount[:count].copy()
