"""Dispatch: what networks send off in a week, as shipments with stable keys."""

from typing import TYPE_CHECKING

import numpy as np

from simulation.networks import GRAMS
from simulation.randomness import chained

if TYPE_CHECKING:
    from simulation.model import BorderModel


def dispatch(model: "BorderModel") -> None:
    """Networks in business launch what they can move, along their lanes.

    The weekly amount is capacity x filled roles x volume x a lognormal activity of mean 1; the
    number of shipments on a lane is its expectation, rounded up or down by one draw; their sizes
    are lognormal.
    """
    trade, lanes = model.trade, model.trade.lanes
    rules = model.parameters.trafficking
    busy = np.exp(
        rules.activity_sd * model.streams.normal("activity", trade.keys, model.week)
        - rules.activity_sd**2 / 2
    )
    kg = trade.capacity * model.members.labour * model.portfolios.volume * busy
    kg *= model.networks.active
    per_lane = (kg / model.mean_size)[lanes.network] * model.portfolios.share
    per_lane *= model.markets.open[lanes.market]
    used = np.flatnonzero(per_lane > 0)
    drawn = model.streams.uniform("launch", trade.lane_keys[used], model.week)
    number = np.floor(per_lane[used] + drawn).astype(np.int64)
    lane = np.repeat(used, number).astype(np.int32)
    nth = np.arange(lane.size) - np.repeat(np.cumsum(number) - number, number)
    keys = chained(trade.lane_keys[lane], np.full(lane.size, model.week), nth)
    spread = model.size_ln_sd[lanes.network[lane]]
    size = model.mean_size[lanes.network[lane]] * np.exp(
        spread * model.streams.normal("size of shipment", keys) - spread**2 / 2
    )
    amount = np.maximum(1, np.rint(size * GRAMS)).astype(np.int64)
    model.shipments.launch(model.week, keys, lane, amount)
    launched = np.bincount(lane, amount, lanes.start.size)
    cost = (trade.terms.source_price + trade.terms.transport) / GRAMS
    model.spent = model.by_network(launched * cost)
    model.goods.produced += model.by_commodity(launched)
