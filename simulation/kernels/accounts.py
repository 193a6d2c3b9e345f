"""What trade brings in a week, and what it costs to be in business."""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I4, I8
from tocsin.simulation.kernels.functions import raised
from tocsin.simulation.kernels.sums import summed


@numba.njit(inline="always")
def bribe(share, bought, margin):
    """USD per unit that officers get: their share of the margin, of the effort that is bought."""
    return share * bought * max(margin, 0.0)


@compiled(reason="one pass over the lanes of all lines, in which three sums are formed")
def sales(
    delivered: Annotated[I8, "L"],
    first: Annotated[I8, "B + 1"],
    line_network: Annotated[I8, "B"],
    line_commodity: Annotated[I8, "B"],
    smallest: Annotated[I8, "K"],
    market: Annotated[I4, "L"],
    price: Annotated[F8, "M"],
    source_price: Annotated[F8, "L"],
    transport: Annotated[F8, "L"],
    bought: Annotated[F8, "L"],
    bribe_share: float,
    spent: Annotated[F8, "L"],
    earned_by_network: Annotated[F8, "N"],
    earned: Annotated[F8, "K"],
    quantity: Annotated[F8, "M"],
) -> float:
    """Sell what has arrived and pay the officers who looked away.

    Parameters
    ----------
    delivered, smallest
        Smallest units that arrived, and smallest units in a unit.
    first, line_network, line_commodity
        The lanes of line b are first[b] .. first[b + 1] - 1; its network and commodity.
    market, price
        Market of each lane, and USD per unit there.
    source_price, transport
        USD per unit.
    bought, bribe_share
        Share of the effort that can be bought, and what officers get of the margin.
    spent
        USD paid for what was sent off this week.
    earned_by_network, earned
        Added to: USD.
    quantity
        Added to: units that arrived.

    Returns
    -------
    USD paid to officers.
    """
    bribes = np.zeros(earned.size)
    for line in range(line_network.size):
        network, good = line_network[line], line_commodity[line]
        own, all_earned, all_bribes = earned_by_network[network], earned[good], bribes[good]
        for lane in range(first[line], first[line + 1]):
            units = delivered[lane] / smallest[good]
            at = price[market[lane]]
            paid = bribe(bribe_share, bought[lane], at - source_price[lane] - transport[lane])
            gain = units * (at - paid) - spent[lane]
            own += gain
            all_earned += gain
            all_bribes += units * paid
            quantity[market[lane]] += units
        earned_by_network[network], earned[good], bribes[good] = own, all_earned, all_bribes
    return summed(bribes, 0, bribes.size)


@compiled(reason="one pass over those who are paid and what is left to their networks")
def keep_books(
    line_network: Annotated[I8, "B"],
    line_commodity: Annotated[I8, "B"],
    capacity: Annotated[F8, "B"],
    usual_margin: Annotated[F8, "B"],
    labour: Annotated[F8, "N"],
    active: Annotated[B1, "N"],
    overhead: float,
    payout: float,
    earned_by_network: Annotated[F8, "N"],
    earned: Annotated[F8, "K"],
    first_capital: Annotated[F8, "N"],
    capital: Annotated[F8, "N"],
    profit: Annotated[F8, "K"],
    ruined: Annotated[I8, "N"],
) -> int:
    """Pay those who work; what is left is profit, and adds to the capital.

    Parameters
    ----------
    capacity, usual_margin
        Units a week at full strength, USD per unit.
    labour, active
        What members at large can do, relative to full strength; who is in business.
    overhead, payout
        Share of the usual income that work costs; share of the capital beyond the first that is
        paid out.
    earned_by_network, earned
        USD from sales; the first is changed into the networks' profit.
    first_capital, capital
        USD; `capital` is changed.
    profit
        Written: USD.
    ruined
        Written from the front: networks in business that have no capital left.

    Returns
    -------
    Number of ruined networks.
    """
    by_network, by_commodity = np.zeros(labour.size), np.zeros(profit.size)
    for line in range(capacity.size):
        network = line_network[line]
        at_work = labour[network] * (1.0 if active[network] else 0.0)
        paid = overhead * capacity[line] * usual_margin[line] * at_work
        by_network[network] += paid
        by_commodity[line_commodity[line]] += paid
    for good in range(profit.size):
        profit[good] = earned[good] - by_commodity[good]
    number = 0
    for n in range(labour.size):
        earned_by_network[n] -= by_network[n]
        if active[n]:
            capital[n] += earned_by_network[n]
        capital[n] -= payout * max(capital[n] - first_capital[n], 0.0)
        if active[n] and capital[n] < 0:
            ruined[number] = n
            number += 1
    return number


@compiled
def deal(
    quantity: Annotated[F8, "M"],
    group: Annotated[I8, "M"],
    price: Annotated[F8, "M"],
    usual: Annotated[F8, "M"],
    demand: Annotated[F8, "M"],
    dealing: float,
    cost: float,
) -> None:
    """Dealers take a part of what arrives from cheap towns of a commodity to dear ones.

    They compare prices with the mean of the group, weighted by demand. What is offered in a town
    is a share of what arrives, in proportion to how far its price lies below, beyond their cost;
    what is wanted in another is a share of its demand, in proportion to how far its price lies
    above. The smaller of both sums is moved.

    Parameters
    ----------
    quantity
        Units that arrived this week; changed, its sum in a group is kept.
    group
        Commodity of each town; -1 where nobody deals.
    price, usual, demand
        USD per unit now and usually; units a week.
    dealing, cost
        Share that is offered or wanted for each unit of difference beyond the cost, and the cost,
        both relative to the usual price.
    """
    offered, wanted = np.zeros(group.size), np.zeros(group.size)
    for first in range(group.size):
        good, alone = group[first], True
        for other in range(first):
            alone = alone and group[other] != good
        if good < 0 or not alone:  # done with the first town of its group
            continue
        level, whole = 0.0, 0.0
        for m in range(first, group.size):
            if group[m] == good:
                level += price[m] / usual[m] * demand[m]
                whole += demand[m]
        level /= whole
        all_offered, all_wanted = 0.0, 0.0
        for m in range(first, group.size):
            beyond = abs(price[m] / usual[m] - level) - cost
            if group[m] == good and beyond > 0.0:
                if price[m] / usual[m] < level:
                    offered[m] = min(dealing * beyond, 1.0) * quantity[m]
                    all_offered += offered[m]
                else:
                    wanted[m] = dealing * beyond * demand[m]
                    all_wanted += wanted[m]
        moved = min(all_offered, all_wanted)
        if moved > 0.0:
            for m in range(first, group.size):
                if group[m] == good:
                    quantity[m] += moved * (wanted[m] / all_wanted - offered[m] / all_offered)


@compiled
def clear(
    quantity: Annotated[F8, "M"],
    reached: Annotated[B1, "M"],
    seen: Annotated[F8, "M"],
    demand: Annotated[F8, "M"],
    step: float,
    response: Annotated[F8, "M"],
    usual: Annotated[F8, "M"],
    floor: float,
    ceiling: float,
    price: Annotated[F8, "M"],
) -> None:
    """Let markets see what arrives; the price follows what it is relative to what is in demand.

    Parameters
    ----------
    quantity
        Units that arrived this week.
    reached
        Changed: something has arrived once.
    seen, demand
        Units a week; `seen` is smoothed and changed.
    step
        Part of the way from what was seen to what is new.
    response
        Exponent with which the price follows that ratio.
    usual, floor, ceiling
        Usual prices, and the least and most relative to them.
    price
        Written.
    """
    for market in range(quantity.size):
        reached[market] |= quantity[market] > 0
        if reached[market]:
            seen[market] += step * (quantity[market] - seen[market])
        scarce = raised(max(seen[market] / demand[market], 1e-6), response[market])
        price[market] = usual[market] * min(max(scarce, floor), ceiling)
