"""What passed where in a week, where it ended, what is under way; prices; means of many."""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I4, I8
from tocsin.simulation.kernels.sums import summed


@compiled
def passing(
    good: int,
    lane_good: Annotated[I8, "L"],
    place_lane: Annotated[I4, "P"],
    place_sector: Annotated[I4, "P"],
    passed_amount: Annotated[I8, "P"],
    flow: Annotated[I8, "S"],
) -> None:
    """Amount of one commodity that passed each sector.

    Parameters
    ----------
    good
        Number of the commodity; amounts of different units are never added.
    lane_good, place_lane, place_sector
        Commodity of each lane, lane and sector of each place.
    flow
        Added to.
    """
    for place in range(passed_amount.size):
        if passed_amount[place] and lane_good[place_lane[place]] == good:
            flow[place_sector[place]] += passed_amount[place]


@compiled(reason="deliveries and seizures are the two ends of what one commodity did in a week")
def endings(
    good: int,
    lane_good: Annotated[I8, "L"],
    lane_start: Annotated[I4, "L"],
    entered: Annotated[B1, "L, C"],
    passed: Annotated[B1, "L, C"],
    left_at: Annotated[I4, "L, C"],
    delivered_amount: Annotated[I8, "L"],
    seized_lane: Annotated[I4, "n"],
    seized_place: Annotated[I4, "n"],
    seized_amount: Annotated[I8, "n"],
    through: Annotated[I8, "C"],
    passed_on: Annotated[I8, "C"],
) -> None:
    """Amount of one commodity that came into each country on its way, or left it unseized.

    Parameters
    ----------
    good, lane_good, lane_start
        Number of the commodity, and that of each lane; first place of each lane.
    entered, passed, left_at
        As in :class:`tocsin.simulation.mechanisms.networks.shipments.Lanes`.
    through
        Added to: delivered amount that entered the country.
    passed_on
        Added to: amount that had left the country when it was delivered or seized.
    """
    for lane in range(delivered_amount.size):
        if delivered_amount[lane] and lane_good[lane] == good:
            for country in range(through.size):
                if entered[lane, country]:
                    through[country] += delivered_amount[lane]
                if passed[lane, country]:
                    passed_on[country] += delivered_amount[lane]
    for n in range(seized_lane.size):
        lane = seized_lane[n]
        if lane_good[lane] == good:
            behind = seized_place[n] - lane_start[lane]
            for country in range(through.size):
                if 0 < left_at[lane, country] <= behind:
                    passed_on[country] += seized_amount[n]


@compiled
def under_way(
    lane_good: Annotated[I8, "L"],
    lane: Annotated[I4, "n"],
    amount: Annotated[I8, "n"],
    out: Annotated[I8, "K"],
) -> None:
    """Amount of each commodity that is under way.

    Parameters
    ----------
    lane_good, lane, amount
        Commodity of each lane; lane and amount of each shipment.
    out
        Added to.
    """
    for n in range(lane.size):
        out[lane_good[lane[n]]] += amount[n]


@compiled
def price_level(
    market_good: Annotated[I8, "M"],
    price: Annotated[F8, "M"],
    usual: Annotated[F8, "M"],
    out: Annotated[F8, "K"],
) -> None:
    """Price of each commodity: mean of its markets by their usual quantity.

    Parameters
    ----------
    market_good, price, usual
        Commodity, price and usual quantity of each market.
    out
        Written; NaN without any usual quantity.
    """
    worth, quantity = np.zeros(out.size), np.zeros(out.size)
    for market in range(price.size):
        worth[market_good[market]] += price[market] * usual[market]
        quantity[market_good[market]] += usual[market]
    for good in range(out.size):
        out[good] = worth[good] / quantity[good] if quantity[good] > 0 else np.nan


@numba.njit(error_model="numpy")
def _mean(values, chosen):
    """Mean of the chosen of `values`, NaN of none; both of one length."""
    kept = np.empty(values.size)
    number = 0
    for n in range(values.size):
        if chosen[n]:
            kept[number] = values[n]
            number += 1
    return summed(kept, 0, number) / number if number else np.nan


@compiled
def in_business(
    active: Annotated[B1, "N"],
    filled: Annotated[I8, "N, roles"],
    size: Annotated[I8, "N"],
    concealment: Annotated[F8, "N"],
) -> tuple[int, int, float, float]:
    """Networks that are in business, and their members.

    Parameters
    ----------
    active, filled, size, concealment
        Who is in business, members at large and
        at full strength, concealment.

    Returns
    -------
    Networks, their members at large; mean share of members at large, mean concealment.
    """
    networks = members = 0
    strength = np.empty(size.size)
    for network in range(size.size):
        at_large = filled[network].sum()
        strength[network] = at_large / size[network]
        if active[network]:
            networks += 1
            members += at_large
    return networks, members, _mean(strength, active), _mean(concealment, active)


@compiled(reason="means over the members and over their pairs, side by side in the series")
def among_members(
    members: Annotated[B1, "C"],
    trust: Annotated[F8, "C, C"],
    law: Annotated[F8, "C, C"],
    distance: Annotated[F8, "C, C"],
    ratified: Annotated[B1, "C"],
    method: Annotated[F8, "C"],
    effort: Annotated[F8, "C"],
    will: Annotated[F8, "C"],
    corruption: Annotated[F8, "C"],
    received: Annotated[F8, "C"],
    misspent: Annotated[F8, "C"],
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """Means over the members and over ordered pairs of them, and funds that are misspent.

    Parameters
    ----------
    received, misspent
        Funds of each country, and the share that it misspends.

    Returns
    -------
    Means over pairs of trust, law, distance, and of both being parties; means over members of
    method, effort, will and corruption; funds that all misspend.
    """
    countries = members.size
    pairs, parties = np.zeros((countries, countries), dtype=np.bool_), np.zeros(trust.size)
    for c in range(countries):
        for other in range(countries):
            pairs[c, other] = members[c] and members[other] and c != other
            parties[c * countries + other] = ratified[c] and ratified[other]
    among = pairs.ravel()
    return (
        _mean(trust.ravel(), among),
        _mean(law.ravel(), among),
        _mean(distance.ravel(), among),
        _mean(parties, among),
        _mean(method, members),
        _mean(effort, members),
        _mean(will, members),
        _mean(corruption, members),
        summed(received * misspent, 0, countries),
    )
