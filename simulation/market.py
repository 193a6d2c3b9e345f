"""Markets (M11): the price answers the quantity that arrives."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.parameters import Market


class Markets:
    """Prices of M markets (a commodity in a town, or a virtual market).

    `pool` is int64[M]: markets of one number share their buyers, so one price clears them all.
    Buyers of virtual goods go wherever these are sold; those of a town stay in their town.

    Attributes
    ----------
    price, usual_price
        float64[M], USD per unit.
    open
        bool[M].
    """

    def __init__(
        self,
        usual_price: NDArray[np.float64],
        usual_quantity: NDArray[np.float64],
        elasticity: NDArray[np.float64],
        pool: NDArray[np.int64],
        rules: Market,
    ) -> None:
        self.usual_price = usual_price
        self.price = usual_price.copy()
        self.open = np.ones(usual_price.size, dtype=bool)
        self._pool = pool
        self._usual = np.maximum(usual_quantity, 1e-9)
        self._seen = self._usual.copy()
        self._elasticity = elasticity
        self._reached = np.zeros(usual_price.size, dtype=bool)
        self._rules = rules

    def clear(self, quantity: NDArray[np.float64]) -> None:
        """One week's deliveries [M] in units move the smoothed quantity, and with it the price.

        The pipeline is empty at the start, so a market hears of quantities from its first
        delivery on.
        """
        self._reached |= quantity > 0
        step = 1 - 0.5 ** (1 / self._rules.smoothing_weeks)
        self._seen += step * np.where(self._reached, quantity - self._seen, 0.0)
        seen = np.bincount(self._pool, self._seen)[self._pool]
        usual = np.bincount(self._pool, self._usual)[self._pool]
        scarce = np.maximum(seen / usual, 1e-6) ** (1 / self._elasticity)
        self.price = self.usual_price * np.clip(
            scarce, self._rules.price_floor, self._rules.price_ceiling
        )

    def supply_ratio(self, chosen: Sequence[bool]) -> float:
        """Quantity that the chosen markets have lately seen, relative to the usual."""
        return float(self._seen[list(chosen)].sum() / self._usual[list(chosen)].sum())
