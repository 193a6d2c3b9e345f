"""Analysis at the hub (M4, M7): trends, prediction of routes, suspects.

Analysts see the seizures that members have shared, once the hub may use them. Where goods were
found they were on a way, and the map says where such ways go on: members get a picture of their
own sectors in which the region's seizures are spread along the routes that pass there. The same
analysts tell investigators who holds a network together.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.budget import effect
from simulation.parameters import Intelligence
from simulation.shipments import Lanes


class HubAnalysis:
    """Analytic capability of the hub and its picture of S sectors.

    Attributes
    ----------
    level
        Analytic capability, 0 to 1.
    heat
        float64[S], faded count of shared seizures.
    """

    def __init__(self, lanes: Lanes, sectors: int) -> None:
        self.level = 0.0
        self.heat = np.zeros(sectors)
        self._lanes = lanes
        self._onward: NDArray[np.float64] | None = None

    def build(self, funds: float, rules: Intelligence) -> None:
        """One week; `funds` in million USD a year."""
        goal = effect(funds, rules.analysis_half_musd)
        self.level += (1 - 0.5 ** (1 / rules.analysis_build_weeks)) * (goal - self.level)

    def remember(self, seizures: NDArray[np.float64], half_life: float) -> None:
        """Fade by one week and add shared seizures [S]."""
        self.heat *= 0.5 ** (1 / half_life)
        self.heat += seizures

    def prediction(self) -> NDArray[np.float64]:
        """Where what was found on its way may pass as well, relative. [S]"""
        if self._onward is None:
            self._onward = _onward(self._lanes, self.heat.size)
        return self.heat @ self._onward


def _onward(lanes: Lanes, sectors: int) -> NDArray[np.float64]:
    """Share of the candidate routes through a row's sector that pass the column's. [S, S]"""
    passes = np.zeros((int(lanes.route.max()) + 1, sectors))
    passes[lanes.route[lanes.place_lane], lanes.place_sector] = 1.0
    together = passes.T @ passes
    return together / np.maximum(np.diag(together), 1.0)[:, None]
