"""What trade brings in a week, and what it costs to be in business."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.functions import raised
from tocsin.simulation.kernels.sums import summed


@compiled(
    "f8(i8[::1], i8[::1], i8[::1], i8[::1], i8[::1], i4[::1], f8[::1], f8[::1], f8[::1], "
    "f8[::1], f8, f8[::1], f8[::1], f8[::1], f8[::1])"
)
def sales(
    delivered,
    first,
    line_network,
    line_commodity,
    smallest,
    market,
    price,
    source_price,
    transport,
    bought,
    bribe_share,
    spent,
    earned_by_network,
    earned,
    quantity,
):
    """Sell what has arrived and pay the officers who looked away.

    Parameters
    ----------
    delivered
        int64[L], smallest units that arrived.
    first, line_network, line_commodity
        int64[B + 1], int64[B], int64[B]: the lanes of line b are first[b] .. first[b + 1] - 1.
    smallest
        int64[K], smallest units in a unit.
    market, price
        int32[L], float64[M] in USD per unit.
    source_price, transport
        float64[L], USD per unit.
    bought, bribe_share
        float64[L] share of the effort that can be bought, and what officers get of the margin.
    spent
        float64[L], USD paid for what was sent off this week.
    earned_by_network, earned
        float64[N], float64[K], added to: USD.
    quantity
        float64[M], added to: units that arrived.

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
            margin = max(at - source_price[lane] - transport[lane], 0.0)
            bribe = bribe_share * bought[lane] * margin
            gain = units * (at - bribe) - spent[lane]
            own += gain
            all_earned += gain
            all_bribes += units * bribe
            quantity[market[lane]] += units
        earned_by_network[network], earned[good], bribes[good] = own, all_earned, all_bribes
    return summed(bribes, 0, bribes.size)


@compiled(
    "i8(i8[::1], i8[::1], f8[::1], f8[::1], f8[::1], b1[::1], f8, f8, f8[::1], f8[::1], "
    "f8[::1], f8[::1], f8[::1], i8[::1])"
)
def keep_books(
    line_network,
    line_commodity,
    capacity,
    usual_margin,
    labour,
    active,
    overhead,
    payout,
    earned_by_network,
    earned,
    first_capital,
    capital,
    profit,
    ruined,
):
    """Pay those who work; what is left is profit, and adds to the capital.

    Parameters
    ----------
    line_network, line_commodity
        int64[B].
    capacity, usual_margin
        float64[B] units a week at full strength, float64[B] USD per unit.
    labour, active
        float64[N], bool[N].
    overhead, payout
        Share of the usual income that work costs; share of the capital beyond the first that is
        paid out.
    earned_by_network, earned
        float64[N], float64[K], USD from sales; the first is changed into the networks' profit.
    first_capital, capital
        float64[N], USD; `capital` is changed.
    profit
        float64[K], written: USD.
    ruined
        int64[N], written from the front: networks in business that have no capital left.

    Returns
    -------
    Number of ruined networks.
    """
    by_network, by_commodity = np.zeros(capital.size), np.zeros(profit.size)
    for line in range(capacity.size):
        network = line_network[line]
        at_work = labour[network] * (1.0 if active[network] else 0.0)
        paid = overhead * capacity[line] * usual_margin[line] * at_work
        by_network[network] += paid
        by_commodity[line_commodity[line]] += paid
    for good in range(profit.size):
        profit[good] = earned[good] - by_commodity[good]
    number = 0
    for n in range(capital.size):
        earned_by_network[n] -= by_network[n]
        if active[n]:
            capital[n] += earned_by_network[n]
        capital[n] -= payout * max(capital[n] - first_capital[n], 0.0)
        if active[n] and capital[n] < 0:
            ruined[number] = n
            number += 1
    return number


@compiled("void(f8[::1], i8[::1], f8[::1], f8[::1], f8[::1], f8, f8)")
def deal(quantity, group, price, usual, demand, dealing, cost):
    """Dealers take a part of what arrives from cheap towns of a commodity to dear ones.

    They compare prices with the mean of the group, weighted by demand. What is offered in a town
    is a share of what arrives, in proportion to how far its price lies below, beyond their cost;
    what is wanted in another is a share of its demand, in proportion to how far its price lies
    above. The smaller of both sums is moved.

    Parameters
    ----------
    quantity
        float64[M], units that arrived this week; changed, its sum in a group is kept.
    group
        int64[M], commodity of each town; -1 where nobody deals.
    price, usual, demand
        float64[M], float64[M] in USD per unit, float64[M] in units a week.
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


@compiled("void(f8[::1], b1[::1], f8[::1], f8[::1], f8, f8[::1], f8[::1], f8, f8, f8[::1])")
def clear(quantity, reached, seen, demand, step, response, usual, floor, ceiling, price):
    """Let markets see what arrives; the price follows what it is relative to what is in demand.

    Parameters
    ----------
    quantity
        float64[M], units that arrived this week.
    reached
        bool[M], changed: something has arrived once.
    seen, demand
        float64[M], units a week; `seen` is smoothed and changed.
    step
        Part of the way from what was seen to what is new.
    response
        float64[M], exponent with which the price follows that ratio.
    usual, floor, ceiling
        float64[M] usual prices, and the least and most relative to them.
    price
        float64[M], written.
    """
    for market in range(quantity.size):
        reached[market] |= quantity[market] > 0
        if reached[market]:
            seen[market] += step * (quantity[market] - seen[market])
        scarce = raised(max(seen[market] / demand[market], 1e-6), response[market])
        price[market] = usual[market] * min(max(scarce, floor), ceiling)
