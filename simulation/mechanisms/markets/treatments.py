"""Treatments in force: what an experiment holds while it lasts."""

import numpy as np
from numpy.typing import NDArray


class Treatments:
    """What is held at present; M markets.

    Attributes
    ----------
    enforcement_off
        Whether no agency works.
    taken_over
        bool[M], markets under covert control.
    held
        Sectors whose patrols a treatment fixes, by its number in the schedule.
    """

    def __init__(self, markets: int) -> None:
        self.enforcement_off = False
        self.taken_over = np.zeros(markets, dtype=bool)
        self.held: dict[int, NDArray[np.int64]] = {}
