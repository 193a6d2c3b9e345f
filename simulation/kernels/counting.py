"""What passed where in a week, where it ended, what is under way; prices; means of many."""

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.sums import summed


@compiled("void(i8, i8[::1], i4[::1], i4[::1], i8[::1], i8[::1])")
def passing(good, lane_good, place_lane, place_sector, passed_amount, flow):
    """Amount of one commodity that passed each sector.

    Parameters
    ----------
    good
        Number of the commodity; amounts of different units are never added.
    lane_good, place_lane, place_sector
        int64[L], int32[P], int32[P]: commodity of each lane, lane and sector of each place.
    passed_amount
        int64[P].
    flow
        int64[S], added to.
    """
    for place in range(passed_amount.size):
        if passed_amount[place] and lane_good[place_lane[place]] == good:
            flow[place_sector[place]] += passed_amount[place]


@compiled(
    "void(i8, i8[::1], i4[::1], b1[:, ::1], b1[:, ::1], i4[:, ::1], i8[::1], "
    "i4[::1], i4[::1], i8[::1], i8[::1], i8[::1])"
)
def endings(
    good,
    lane_good,
    lane_start,
    entered,
    passed,
    left_at,
    delivered_amount,
    seized_lane,
    seized_place,
    seized_amount,
    through,
    passed_on,
):
    """Amount of one commodity that came into each country on its way, or left it unseized.

    Parameters
    ----------
    good, lane_good, lane_start
        Number of the commodity; int64[L] of each lane; int32[L] first place of each lane.
    entered, passed, left_at
        bool[L, C], bool[L, C], int32[L, C] of
        :class:`tocsin.simulation.mechanisms.networks.shipments.Lanes`.
    delivered_amount
        int64[L].
    seized_lane, seized_place, seized_amount
        int32[n], int32[n], int64[n].
    through
        int64[C], added to: delivered amount that entered the country.
    passed_on
        int64[C], added to: amount that had left the country when it was delivered or seized.
    """
    countries = through.size
    for lane in range(delivered_amount.size):
        if delivered_amount[lane] and lane_good[lane] == good:
            for country in range(countries):
                if entered[lane, country]:
                    through[country] += delivered_amount[lane]
                if passed[lane, country]:
                    passed_on[country] += delivered_amount[lane]
    for n in range(seized_lane.size):
        lane = seized_lane[n]
        if lane_good[lane] == good:
            behind = seized_place[n] - lane_start[lane]
            for country in range(countries):
                if 0 < left_at[lane, country] <= behind:
                    passed_on[country] += seized_amount[n]


@compiled("void(i8[::1], i4[::1], i8[::1], i8[::1])")
def under_way(lane_good, lane, amount, out):
    """Amount of each commodity that is under way.

    Parameters
    ----------
    lane_good, lane, amount
        int64[L] commodity of each lane; int32[n] and int64[n] of the shipments.
    out
        int64[K], added to.
    """
    for n in range(lane.size):
        out[lane_good[lane[n]]] += amount[n]


@compiled("void(i8[::1], f8[::1], f8[::1], f8[::1])")
def price_level(market_good, price, usual, out):
    """Price of each commodity: mean of its markets by their usual quantity.

    Parameters
    ----------
    market_good, price, usual
        int64[M], float64[M], float64[M]: commodity, price and usual quantity of each market.
    out
        float64[K], written; NaN without any usual quantity.
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


@compiled("Tuple((i8, i8, f8, f8))(b1[::1], i8[:, ::1], i8[::1], f8[::1])")
def in_business(active, filled, size, concealment):
    """Networks that are in business, and their members.

    Parameters
    ----------
    active, filled, size, concealment
        bool[N], int64[N, roles], int64[N], float64[N]: who is in business, members at large and
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


@compiled(
    "UniTuple(f8, 9)(b1[::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], b1[::1], f8[::1], f8[::1], "
    "f8[::1], f8[::1], f8[::1], f8[::1])"
)
def among_members(
    members, trust, law, distance, ratified, method, effort, will, corruption, received, misspent
):
    """Means over the members and over ordered pairs of them, and funds that are misspent.

    Parameters
    ----------
    members
        bool[C].
    trust, law, distance
        float64[C, C].
    ratified, method, effort, will, corruption
        bool[C], float64[C], float64[C], float64[C], float64[C].
    received, misspent
        float64[C]: funds of each country, and the share that it misspends.

    Returns
    -------
    Means over pairs of trust, law, distance, and of both being parties; means over members of
    method, effort, will and corruption; funds that are misspent.
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
