"""Accounts (M11): money comes in and goes out, the price answers, networks fail and succeed."""

from typing import TYPE_CHECKING

import numpy as np

from simulation.agents import TraffickingNetwork
from simulation.networks import GRAMS

if TYPE_CHECKING:
    from simulation.model import BorderModel


def settle_accounts(model: "BorderModel") -> None:
    """Money comes in and goes out; who has none left fails; the price answers."""
    lanes, terms, rules = model.trade.lanes, model.trade.terms, model.parameters.organisation
    kg = model.moved.delivered_amount / GRAMS
    price = model.markets.price[lanes.market]
    margin = np.maximum(price - terms.source_price - terms.transport, 0.0)
    bribes = model.parameters.trafficking.bribe_share * terms.corruption * margin
    earned = model.by_network(kg * (price - bribes))
    usual = model.trade.capacity * model.portfolios.usual_margin
    paid = rules.overhead * usual * model.members.labour * model.networks.active
    profit = (earned - model.spent - paid) * model.networks.active
    model.profit = float(profit.sum())
    capital = model.networks.capital
    capital += profit
    capital -= rules.payout * np.maximum(capital - model.networks.first_capital, 0.0)
    agents = model.agents_by_type[TraffickingNetwork]
    for number in np.flatnonzero((capital < 0) & model.networks.active).tolist():
        name = model.networks.names[number]
        end = model.log.record(f"failed-{name}", model.week, "failed", name, network=name)
        model.count("networks_failed", 1)
        agents[number].end(end)
    model.markets.clear(np.bincount(lanes.market, kg, len(model.trade.markets)))


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
