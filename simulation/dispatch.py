"""Dispatch: what networks send off in a week, as shipments with stable keys."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.randomness import chained

if TYPE_CHECKING:
    from simulation.model import BorderModel


def dispatch(model: "BorderModel") -> None:
    """Networks in business launch what they can move, along their lanes.

    The weekly amount of a line is capacity x filled roles x volume x supply x a lognormal
    activity of mean 1; the number of shipments on a lane is its expectation, rounded up or down
    by one draw; their sizes are lognormal. Where a precursor is scarce, less is made.
    """
    trade, lanes = model.trade, model.trade.lanes
    rules = model.parameters.trafficking
    busy = np.exp(
        rules.activity_sd * model.streams.normal("activity", trade.keys, model.week)
        - rules.activity_sd**2 / 2
    )
    able = model.members.labour * model.networks.active * busy
    units = trade.capacity * model.portfolios.volume * able[trade.line_network]
    units *= _made(model)[trade.line_commodity]
    per_lane = (units / model.mean_size[trade.line_commodity])[lanes.line]
    per_lane *= model.portfolios.share * model.portfolios.open
    used = np.flatnonzero(per_lane > 0)
    drawn = model.streams.uniform("launch", trade.lane_keys[used], model.week)
    number = np.floor(per_lane[used] + drawn).astype(np.int64)
    lane = np.repeat(used, number).astype(np.int32)
    nth = np.arange(lane.size) - np.repeat(np.cumsum(number) - number, number)
    keys = chained(chained(trade.lane_keys, model.week)[lane], nth)
    good = trade.lane_commodity[lane]
    spread = model.size_ln_sd[good]
    size = model.mean_size[good] * np.exp(
        spread * model.streams.normal("size of shipment", keys) - spread**2 / 2
    )
    amount = np.maximum(1, np.rint(size * trade.smallest[good])).astype(np.int64)
    model.shipments.launch(model.week, keys, lane, amount)
    launched = np.bincount(lane, amount, lanes.start.size)
    cost = (trade.terms.source_price + trade.terms.transport) / model.lane_smallest
    model.spent = launched * cost
    model.goods.produced += model.by_commodity(launched)


def _made(model: "BorderModel") -> NDArray[np.float64]:
    """What the supply of precursors lets be made, relative to the usual, at most 1. [K]"""
    names = model.trade.commodities
    made = np.ones(len(names))
    for number, name in enumerate(names):
        good = model.parameters.commodities[name]
        if good.precursor is not None:
            arrives = model.markets.supply_ratio(
                [c == names.index(good.precursor) for c, _ in model.trade.markets]
            )
            made[number] = min(1.0, arrives) ** good.precursor_need
    return made
