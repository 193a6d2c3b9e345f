"""Consignments: what one shipment is, and what can be made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.functions import raised
from tocsin.simulation.mechanisms.markets.prices import Markets
from tocsin.simulation.mechanisms.networks.books import Trade
from tocsin.simulation.parameters import Commodity
from tocsin.simulation.state import Laid


@dataclass(frozen=True)
class Consignments(Laid):
    """What one shipment is, by commodity [K] and by lane [L]: fixed for a run.

    Attributes
    ----------
    mean_size
        float64[K], units.
    spread
        float64[L], standard deviation of the log of the size.
    cost
        float64[L], USD for a smallest unit at the market, transport included.
    plenty
        float64[K], all 1: what can be made as long as nothing is scarce.
    precursors
        Commodity, numbers of the markets of what it is made from, and how much it needs that.
    """

    mean_size: NDArray[np.float64]
    spread: NDArray[np.float64]
    cost: NDArray[np.float64]
    plenty: NDArray[np.float64]
    precursors: tuple[tuple[int, NDArray[np.bool_], float], ...]

    @classmethod
    def of(cls, trade: Trade, goods: Sequence[Commodity]) -> "Consignments":
        """Read off the commodities [K], in the order of the trade."""
        sold = np.array([commodity for commodity, _ in trade.markets], dtype=np.int64)
        return cls(
            mean_size=np.array([good.shipment_size for good in goods], dtype=float),
            spread=np.array([g.size_ln_sd for g in goods], dtype=float)[trade.lane_commodity],
            cost=trade.terms.cost / trade.smallest[trade.lane_commodity],
            plenty=np.ones(len(goods)),
            precursors=tuple(
                (number, sold == trade.commodities.index(good.precursor), good.precursor_need)
                for number, good in enumerate(goods)
                if good.precursor is not None
            ),
        )

    def made(self, markets: Markets) -> NDArray[np.float64]:
        """What the supply of precursors lets be made, relative to the usual, at most 1. [K]"""
        made = self.plenty.copy()
        for number, sold, need in self.precursors:
            made[number] = raised(min(1.0, markets.supply_ratio(sold)), need)
        return made
