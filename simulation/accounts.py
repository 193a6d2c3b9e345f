"""Accounts (M11): money comes in and goes out, the price answers, networks fail and succeed."""

from typing import TYPE_CHECKING

import numpy as np

from simulation.agents import TraffickingNetwork

if TYPE_CHECKING:
    from simulation.model import BorderModel


def settle_accounts(model: "BorderModel") -> None:
    """Money comes in and goes out; who has none left fails; the price answers."""
    trade, lanes, terms = model.trade, model.trade.lanes, model.trade.terms
    rules = model.parameters.organisation
    units = model.moved.delivered_amount / model.lane_smallest
    price = model.markets.price[lanes.market]
    margin = np.maximum(price - terms.source_price - terms.transport, 0.0)
    bribes = model.parameters.trafficking.bribe_share * model.portfolios.bought * margin
    earned = units * (price - bribes) - model.spent
    at_work = (model.members.labour * model.networks.active)[trade.line_network]
    paid = rules.overhead * trade.capacity * model.portfolios.usual_margin * at_work
    goods = len(trade.commodities)
    model.bribes_paid = float(np.bincount(trade.lane_commodity, units * bribes, goods).sum())
    model.profit = np.bincount(trade.lane_commodity, earned, goods) - np.bincount(
        trade.line_commodity, paid, goods
    )
    profit = model.by_network(earned)
    profit -= np.bincount(trade.line_network, paid, profit.size)
    capital = model.networks.capital
    capital += profit * model.networks.active
    capital -= rules.payout * np.maximum(capital - model.networks.first_capital, 0.0)
    agents = model.agents_by_type[TraffickingNetwork]
    for number in np.flatnonzero((capital < 0) & model.networks.active).tolist():
        name = model.networks.names[number]
        end = model.log.record(f"failed-{name}", model.week, "failed", name, network=name)
        model.count("networks_failed", 1)
        agents[number].end(end)
    model.markets.clear(np.bincount(lanes.market, units, len(trade.markets)))


def enter(model: "BorderModel") -> None:
    """Where a network has ended, sooner or later somebody takes its place."""
    vacant = ~model.networks.active & ~model.trade.dormant
    if not vacant.any():
        return
    ratio = model.markets.price / model.markets.usual_price
    lanes = model.trade.lanes
    for number in np.flatnonzero(vacant).tolist():
        chance = ratio[lanes.market[lanes.of_network[number]]].mean()
        chance /= model.parameters.organisation.entry_weeks
        drawn = model.streams.uniform("entry", model.trade.keys[number : number + 1], model.week)
        if drawn[0] < chance:
            model.agents_by_type[TraffickingNetwork][number].found()
