"""Accounts (M11): money comes in and goes out, the price answers, networks fail and succeed."""

from typing import TYPE_CHECKING

import numpy as np

from simulation import kernels

if TYPE_CHECKING:
    from simulation.model import BorderModel


def settle_accounts(model: "BorderModel") -> None:
    """Money comes in and goes out; who has none left fails; the price answers."""
    trade, lanes, networks = model.trade, model.trade.lanes, model.networks
    rules, bribe_share = model.parameters.organisation, model.parameters.trafficking.bribe_share
    earned_by_network, quantity = np.zeros(len(trade.ids)), np.zeros(len(trade.markets))
    earned, model.profit = np.zeros((2, len(trade.commodities)))
    model.bribes_paid = kernels.sales(
        model.moved.delivered_amount, model.portfolios.first, trade.line_network,
        trade.line_commodity, trade.smallest, lanes.market, model.markets.price,
        trade.terms.source_price, trade.terms.transport, model.portfolios.bought, bribe_share,
        model.spent, earned_by_network, earned, quantity,
    )  # fmt: skip
    ruined = np.empty(len(trade.ids), dtype=np.int64)
    number = kernels.keep_books(
        trade.line_network, trade.line_commodity, trade.capacity, model.portfolios.usual_margin,
        model.members.labour, networks.active, rules.overhead, rules.payout, earned_by_network,
        earned, networks.first_capital, networks.capital, model.profit, ruined,
    )  # fmt: skip
    for failed in ruined[:number].tolist():
        name = networks.names[failed]
        end = model.log.record(f"failed-{name}", model.week, "failed", name, network=name)
        model.count("networks_failed", 1)
        model.trafficking_networks[failed].end(end)
    model.markets.clear(quantity)


def enter(model: "BorderModel") -> None:
    """Where a network has ended, sooner or later somebody takes its place."""
    vacant = (~(model.networks.active | model.trade.dormant)).nonzero()[0].tolist()
    if not vacant:
        return
    ratio = model.markets.price / model.markets.usual_price
    lanes = model.trade.lanes
    for number in vacant:
        chance = ratio[lanes.market[lanes.of_network[number]]].mean()
        chance /= model.parameters.organisation.entry_weeks
        drawn = model.streams.uniform("entry", model.trade.keys[number : number + 1], model.week)
        if drawn[0] < chance:
            model.trafficking_networks[number].found()
