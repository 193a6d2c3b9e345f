"""Markets (M11): the price answers the quantity that arrives, and dealers even out prices."""

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.elementary import kept
from simulation.parameters import Market


class Markets:
    """Prices of M markets (a commodity in a town, or a virtual market).

    Attributes
    ----------
    price, usual_price
        float64[M], USD per unit.
    open
        bool[M].
    demand
        float64[M], quantity a week that is bought at the usual price; the usual one, until a
        virtual market is closed and its buyers go over to others.
    """

    def __init__(
        self,
        usual_price: NDArray[np.float64],
        usual_quantity: NDArray[np.float64],
        elasticity: NDArray[np.float64],
        rules: Market,
        commodity: NDArray[np.int64],
        virtual: NDArray[np.bool_],
    ) -> None:
        """`commodity` [M] is what each market buys, `virtual` [M] which of them have no place."""
        self.usual_price = usual_price
        self.price = usual_price.copy()
        self.open = np.ones(usual_price.size, dtype=bool)
        self._usual = np.maximum(usual_quantity, 1e-9)
        self.demand = self._usual.copy()
        self._virtual = np.where(virtual, commodity, -1)
        self._town = np.where(virtual, -1, commodity)
        self._virtual_markets: list[int] = np.flatnonzero(self._virtual >= 0).tolist()
        self._seen = self._usual.copy()
        self._response = 1 / elasticity
        self._reached = np.zeros(usual_price.size, dtype=bool)
        self._rules = rules

    def clear(self, quantity: NDArray[np.float64]) -> None:
        """One week's deliveries [M] in units move the smoothed quantity, and with it the price.

        The pipeline is empty at the start, so a market hears of quantities from its first
        delivery on.
        """
        self._move_buyers()
        rules, price = self._rules, np.empty(quantity.size)
        trading = np.where(self.open, self._town, -1)
        kernels.deal(quantity, trading, self.price, self.usual_price, self.demand, rules.dealing,
                     rules.dealing_cost)  # fmt: skip
        kernels.clear(
            quantity, self._reached, self._seen, self.demand, 1 - kept(rules.smoothing_weeks),
            self._response, self.usual_price, rules.price_floor, rules.price_ceiling, price,
        )  # fmt: skip
        self.price = price

    def _move_buyers(self) -> None:
        """Buyers of a closed virtual market go over to open ones of its kind (M20).

        Most go to the largest that is left: ElBahrawy et al. 2020, over 24 closures.
        """
        step = 1 - kept(self._rules.buyers_weeks)
        for market in self._virtual_markets:
            if self.open[market]:
                continue
            others = self.open & (self._virtual == self._virtual[market])
            if others.any():
                leaving = step * self.demand[market]
                self.demand[market] = max(self.demand[market] - leaving, 1e-9)
                self.demand[others] *= 1 + leaving / self.demand[others].sum()

    def supply_ratio(self, chosen: NDArray[np.bool_]) -> float:
        """Quantity that the chosen markets have lately seen, relative to the usual."""
        return float(self._seen[chosen].sum() / self._usual[chosen].sum())
