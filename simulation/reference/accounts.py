"""Twins of the accounts and of the market."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.reference.functions import power_of

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Real = NDArray[np.float64]
Truth = NDArray[np.bool_]


def sales(
    delivered: Whole,
    first: Whole,
    line_network: Whole,
    line_commodity: Whole,
    smallest: Whole,
    market: Small,
    price: Real,
    source_price: Real,
    transport: Real,
    bought: Real,
    bribe_share: float,
    spent: Real,
    earned_by_network: Real,
    earned: Real,
    quantity: Real,
) -> float:
    """Twin of `kernels.sales`."""
    lanes = np.diff(first)
    network, commodity = np.repeat(line_network, lanes), np.repeat(line_commodity, lanes)
    units, at = delivered / smallest[commodity], price[market]
    bribe = bribe_share * bought * np.maximum(at - source_price - transport, 0.0)
    gain = units * (at - bribe) - spent
    np.add.at(earned_by_network, network, gain)
    np.add.at(earned, commodity, gain)
    np.add.at(quantity, market, units)
    return np.add.reduce(np.bincount(commodity, units * bribe, earned.size))


def keep_books(
    line_network: Whole,
    line_commodity: Whole,
    capacity: Real,
    usual_margin: Real,
    labour: Real,
    active: Truth,
    overhead: float,
    payout: float,
    earned_by_network: Real,
    earned: Real,
    first_capital: Real,
    capital: Real,
    profit: Real,
    ruined: Whole,
) -> int:
    """Twin of `kernels.keep_books`."""
    paid = overhead * capacity * usual_margin * (labour * active)[line_network]
    profit[:] = earned - np.bincount(line_commodity, paid, profit.size)
    earned_by_network -= np.bincount(line_network, paid, capital.size)
    capital += earned_by_network * active
    capital -= payout * np.maximum(capital - first_capital, 0.0)
    found = np.flatnonzero((capital < 0) & active)
    ruined[: found.size] = found
    return found.size


def deal(
    quantity: Real,
    group: Whole,
    price: Real,
    usual: Real,
    demand: Real,
    dealing: float,
    cost: float,
) -> None:
    """Twin of `kernels.deal`."""
    relative = price / usual
    for good in np.unique(group[group >= 0]):
        towns = np.flatnonzero(group == good)
        # cumulative sums add one after the other, as the kernel does
        weighted = np.cumsum(relative[towns] * demand[towns])[-1]
        level = weighted / np.cumsum(demand[towns])[-1]
        beyond = np.maximum(np.abs(relative[towns] - level) - cost, 0.0)
        cheap = relative[towns] < level
        offered = np.where(cheap, np.minimum(dealing * beyond, 1.0) * quantity[towns], 0.0)
        wanted = np.where(cheap, 0.0, dealing * beyond * demand[towns])
        all_offered, all_wanted = np.cumsum(offered)[-1], np.cumsum(wanted)[-1]
        moved = min(all_offered, all_wanted)
        if moved > 0:
            quantity[towns] += moved * (wanted / all_wanted - offered / all_offered)


def clear(
    quantity: Real,
    reached: Truth,
    seen: Real,
    demand: Real,
    step: float,
    response: Real,
    usual: Real,
    floor: float,
    ceiling: float,
    price: Real,
) -> None:
    """Twin of `kernels.clear`."""
    reached |= quantity > 0
    seen += step * np.where(reached, quantity - seen, 0.0)
    scarce = power_of(np.maximum(seen / demand, 1e-6), response)
    price[:] = usual * np.minimum(np.maximum(scarce, floor), ceiling)
