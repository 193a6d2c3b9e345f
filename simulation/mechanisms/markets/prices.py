"""Markets (M11): the price answers the quantity that arrives, and dealers even out prices."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept
from tocsin.simulation.geography.modes import mode_of
from tocsin.simulation.mechanisms.networks.books import WEEKS, Trade
from tocsin.simulation.parameters import Commodity, Market


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
    good, usual_quantity
        int64[M], what each market buys; float64[M], units a week that it is used to.
    """

    no_state = frozenset({"good", "usual_quantity"})

    def __init__(
        self,
        goods: Sequence[Commodity],
        usual_quantity: NDArray[np.float64],
        markets: Sequence[tuple[int, str]],
        rules: Market,
    ) -> None:
        """`markets` are pairs of the number of a commodity in `goods` and a town or platform."""
        self.good = commodity = np.array([good for good, _ in markets], dtype=np.int64)
        self.usual_quantity = usual_quantity
        usual_price = np.array([goods[c].market_price for c, _ in markets], dtype=float)
        elasticity = np.array([goods[c].elasticity for c, _ in markets], dtype=float)
        platform = np.array([mode_of(goods[c]).platforms for c, _ in markets], dtype=bool)
        self.usual_price = usual_price
        self.price = usual_price.copy()
        self.open = np.ones(usual_price.size, dtype=bool)
        self._usual = np.maximum(usual_quantity, 1e-9)
        self.demand = self._usual.copy()
        self._virtual = np.where(platform, commodity, -1)
        self._town = np.where(platform, -1, commodity)
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


def usual_quantities(
    trade: Trade, goods: Sequence[Commodity], arriving: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Units a week that each market is used to. [M]

    `arriving` [L] is the part of a line's capacity that arrives by each lane. Where a commodity
    states its demand, that is shared out among its markets as what arrives is.
    """
    lanes = trade.lanes
    usual = np.bincount(lanes.market, arriving * trade.capacity[lanes.line], len(trade.markets))
    sold = np.array([good for good, _ in trade.markets], dtype=np.int64)
    for number, good in enumerate(goods):
        own = sold == number
        together = np.add.reduce(usual[own])
        if good.demand_per_year is not None:
            share = usual[own] / together if together > 0 else 1 / own.sum()
            usual[own] = good.demand_per_year / WEEKS * share
    return usual
