"""Accounts (M8, M10, M11): what networks earn and pay in a week, and who has nothing left."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def sell(
    world: World, notes: Notes
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sell what has arrived, and pay for it, for its transport and for officers on the way.

    Returns what each network [N] and each commodity [K] earned in USD, and the quantity sold on
    each market.
    """
    trade = world.trade
    by_network, quantity = np.zeros(len(trade.ids)), np.zeros(len(trade.markets))
    earned = np.zeros(len(trade.commodities))
    notes.bribes_paid = kernels.sales(
        notes.moved.delivered_amount, world.portfolios.first, trade.line_network,
        trade.line_commodity, trade.smallest, trade.lanes.market, world.markets.price,
        trade.terms.source_price, trade.terms.transport, world.portfolios.bought,
        world.parameters.trafficking.bribe_share, notes.spent, by_network, earned, quantity,
    )  # fmt: skip
    return by_network, earned, quantity


def keep_books(
    world: World, notes: Notes, by_network: NDArray[np.float64], earned: NDArray[np.float64]
) -> list[int]:
    """Pay members and owners; returns the networks that have nothing left.

    `by_network` float64[N] and `earned` float64[K] are what was earned, USD.
    """
    trade, networks, rules = world.trade, world.networks, world.parameters.organisation
    notes.profit = np.zeros(len(trade.commodities))
    ruined = np.empty(len(trade.ids), dtype=np.int64)
    number = kernels.keep_books(
        trade.line_network, trade.line_commodity, trade.capacity, world.portfolios.usual_margin,
        world.members.labour, networks.active, rules.overhead, rules.payout, by_network, earned,
        networks.first_capital, networks.capital, notes.profit, ruined,
    )  # fmt: skip
    return ruined[:number].tolist()
