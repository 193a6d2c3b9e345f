"""Dispatch: what networks send off in a week, as shipments with stable keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.kernels.functions import raised
from simulation.networks import Trade
from simulation.parameters import Commodity
from simulation.state import Laid

if TYPE_CHECKING:
    from simulation.model import BorderModel


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


def dispatch(model: "BorderModel") -> None:
    """Networks in business launch what they can move, along their lanes.

    The weekly amount of a line is capacity x filled roles x volume x supply x a lognormal
    activity of mean 1; the number of shipments on a lane is its expectation, rounded up or down
    by one draw; their sizes are lognormal. Where a precursor is scarce, less is made.
    """
    trade, routes, sent = model.trade, model.portfolios, model.consignments
    streams, week = model.streams, model.week
    number = np.empty(routes.share.size, dtype=np.int64)
    count = kernels.launches(
        streams.keys("activity", "launch"), week, trade.keys, model.members.labour,
        model.networks.active, model.parameters.trafficking.activity_sd, _made(model),
        trade.capacity, routes.volume, sent.mean_size, trade.line_network, trade.line_commodity,
        routes.first, routes.share, routes.open, trade.lane_keys, number,
    )  # fmt: skip
    key, lane, amount = model.shipments.launch(week, count, number, trade.lane_keys)
    model.spent = np.empty(routes.share.size)
    kernels.load(
        streams.key("size of shipment"), key, lane, sent.spread,
        model.parameters.trafficking.largest_load, trade.lane_commodity,
        sent.mean_size, trade.smallest, sent.cost, amount, model.spent, model.goods.produced,
    )  # fmt: skip


def _made(model: "BorderModel") -> NDArray[np.float64]:
    """What the supply of precursors lets be made, relative to the usual, at most 1. [K]"""
    made = model.consignments.plenty.copy()
    for number, markets, need in model.consignments.precursors:
        made[number] = raised(min(1.0, model.markets.supply_ratio(markets)), need)
    return made
