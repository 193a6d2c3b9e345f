"""Patrols, the danger they make for shipments, and what they find."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.functions import expm1_of
from tocsin.simulation.kernels.sums import summed


@compiled(
    "void(f8[::1], f8[::1], i8[::1], f8[::1], i8[::1], i8[::1], f8[::1], f8[::1], f8[::1], f8, "
    "f8, f8[::1], f8[::1], f8[::1])"
)
def patrol(in_service, writing, country, reference, own, first, heat, even, chance, floor, random,
           length, held, effort):  # fmt: skip
    """Spread G forces over their sectors: some evenly, some by chance, the rest where it burns.

    Parameters
    ----------
    in_service, country, reference
        float64[G], int64[G], float64[G]: officers of a force, whose they are, and how many a
        kilometre count as one.
    writing
        float64[C], officers who write reports instead.
    own, first
        int64[S], int64[G + 1]: the sectors of force g are ``own[first[g] : first[g + 1]]``.
    heat, even, chance
        float64[S]: where it burns, shares of an even split, weights of a split by chance.
    floor, random
        Shares of the force that are placed evenly, and by chance.
    length, held
        float64[S]: km; effort that is fixed there, NaN elsewhere.
    effort
        float64[S], written: officers a kilometre over the reference density.
    """
    warm, luck = np.empty(own.size), np.empty(own.size)
    by_heat = 1 - floor - random
    for force in range(in_service.size):
        officers = max(in_service[force] - writing[country[force]], 0.0) / reference[force]
        begin, end = first[force], first[force + 1]
        for at in range(begin, end):
            warm[at] = heat[own[at]] * even[own[at]]
            luck[at] = chance[own[at]]
        whole, all_luck = summed(warm, begin, end), summed(luck, begin, end)
        for at in range(begin, end):
            s = own[at]
            burning = warm[at] / whole if whole > 0 else even[s]
            share = floor * even[s] + random * luck[at] / all_luck + by_heat * burning
            effort[s] = officers * share / length[s] if np.isnan(held[s]) else held[s]


@compiled("void(i4[::1], f8, f8, f8[::1], f8[::1])")
def remember(sector, kept, least, effort, heat):
    """Fade the heat of S sectors by one week and add seizures per unit of effort.

    Parameters
    ----------
    sector
        int32[n], of each seizure.
    kept, least
        Share of the heat that is left; the least effort that counts.
    effort, heat
        float64[S]; `heat` is changed in place.
    """
    seizures = np.zeros(heat.size)
    for s in sector:
        seizures[s] += 1
    for s in range(heat.size):
        heat[s] *= kept
        if seizures[s]:
            heat[s] += seizures[s] / max(effort[s], least)


@compiled(
    "void(i8[::1], i8[::1], f8[::1], f8[::1], i2[::1], f8[::1], f8[::1], f8[::1], f8[::1], "
    "f8[::1], b1[:, ::1], i4[:, ::1], i4[::1], f8, f8, f8, i8[::1], f8[::1])"
)
def expose(sector, network, weight, hidden, owner, effort, corruption, capability, method,
           concealment, watched, known, modus, general, targeted, stale, alike,
           danger):  # fmt: skip
    """Probability of seizure at P places, worked out for A kinds of them.

    Parameters
    ----------
    sector, network, weight, hidden
        int64[A], int64[A], float64[A], float64[A]: where, for whom, how visible, how concealed.
    owner, effort, corruption
        int16[S], float64[S], float64[S].
    capability, method, concealment
        float64[C], float64[C], float64[N]; concealment divides the hazard for those who do not
        know the method.
    watched, known, modus
        bool[S, N], int32[S, N], int32[N]: watches, method that they look for, present method.
    general, targeted, stale
        Hazard without and with a watch; what a watch for an outdated method is worth.
    alike
        int64[P], kind of each place.
    danger
        float64[P], written.
    """
    each = np.empty(sector.size)
    everywhere = np.empty(owner.size)
    for s in range(owner.size):
        everywhere[s] = general * effort[s] * capability[owner[s]] * (1 - corruption[s])
    for at in range(sector.size):
        s, n = np.uint64(sector[at]), np.uint64(network[at])  # or signs are looked at each time
        country, hazard = np.uint64(owner[s]), everywhere[s]
        if watched[s, n] and effort[s] > 0:  # a watch needs somebody who watches
            worth = 1.0 if known[s, n] == modus[n] else stale
            hazard += targeted * capability[country] * (1 - corruption[s]) * worth
        divisor = 1 + (concealment[n] - 1) * (1 - method[country])
        each[at] = hazard * weight[at] / (hidden[at] * divisor)
    for at in range(each.size):  # apart, so that it is made vector code
        each[at] = -expm1_of(-each[at])
    for place in range(danger.size):
        danger[place] = each[np.uint64(alike[place])]


@compiled("void(f8[::1], u4[::1])")
def thresholds(danger, out):
    """Probabilities below 1 as 32-bit numbers: a random word below ``out[i]`` is a hit."""
    for i in range(danger.size):
        out[i] = np.uint32(min(danger[i] * 2.0**32, 2.0**32 - 1))


@compiled("void(i8[::1], b1[::1], i8[::1], i8[::1], i8[::1])")
def hand_over(commodity, open_lane, amount, lost, delivered):
    """Settle what arrived on L lanes: it is delivered, or lost where the market is closed.

    Parameters
    ----------
    commodity, open_lane
        int64[L], bool[L].
    amount
        int64[L], set to 0 where the market is closed.
    lost, delivered
        int64[K], added to.
    """
    for lane in range(amount.size):
        if amount[lane] == 0:
            continue
        if open_lane[lane]:
            delivered[commodity[lane]] += amount[lane]
        else:
            lost[commodity[lane]] += amount[lane]
            amount[lane] = 0


@compiled(
    "void(i4[::1], i4[::1], i8[::1], i4[::1], i4[::1], i8[::1], i2[::1], i4[::1], i8[::1], "
    "i8[::1], i8[::1], i8[:, ::1])"
)
def note(place, lane, amount, place_sector, lane_network, lane_commodity, owner, sector, network,
         commodity, country, seized_by):  # fmt: skip
    """Say of each of n seizures where it was, whose, of what and by whom.

    Parameters
    ----------
    place, lane, amount
        int32[n], int32[n], int64[n].
    place_sector, lane_network, lane_commodity, owner
        int32[P], int32[L], int64[L], int16[S].
    sector, network, commodity, country
        int32[n], int64[n], int64[n], int64[n]: written.
    seized_by
        int64[K, C], added to.
    """
    for i in range(place.size):
        sector[i] = place_sector[place[i]]
        network[i] = lane_network[lane[i]]
        commodity[i] = lane_commodity[lane[i]]
        country[i] = owner[sector[i]]
        seized_by[commodity[i], country[i]] += amount[i]
