"""Patrols, the danger they make for shipments, and what they find."""

from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I2, I4, I8, U4
from tocsin.simulation.kernels.functions import expm1_of
from tocsin.simulation.kernels.sums import summed

EVEN, LENGTH = 0, 1  # rows of the ground of forces
EVERYWHERE, WATCHED, IGNORANCE = 0, 1, 2  # rows of the hazards of sectors


@compiled(reason="who does not write reports is placed at once; heat is weighed in the same pass")
def patrol(
    in_service: Annotated[F8, "G"],
    reference: Annotated[F8, "G"],
    writing: Annotated[F8, "A"],
    agency: Annotated[I8, "G"],
    own: Annotated[I8, "S"],
    first: Annotated[I8, "G + 1"],
    ground: Annotated[F8, "2, S"],
    heat: Annotated[F8, "S"],
    chance: Annotated[F8, "S"],
    floor: float,
    random: float,
    held: Annotated[F8, "S"],
    effort: Annotated[F8, "S"],
) -> None:
    """Spread forces over their sectors: some evenly, some by chance, the rest where it burns.

    Parameters
    ----------
    in_service, reference
        Officers of each force, and how many a kilometre count as one.
    writing, agency
        Officers of each agency who write reports; the agency of each force.
    own, first
        The sectors of force g are ``own[first[g] : first[g + 1]]``.
    ground
        Share of each sector in an even split, and its length in km (`EVEN`, `LENGTH`).
    heat, chance
        Where it burns, weights of a split by chance.
    floor, random
        Shares of the force that are placed evenly, and by chance.
    held
        Effort that is fixed there, NaN elsewhere.
    effort
        Written: officers a kilometre over the reference density.
    """
    warm, luck = np.empty(own.size), np.empty(own.size)
    by_heat = 1 - floor - random
    for force in range(agency.size):
        begin, end = first[force], first[force + 1]
        officers = max(in_service[force] - writing[agency[force]], 0.0) / reference[force]
        for at in range(begin, end):
            warm[at] = heat[own[at]] * ground[EVEN, own[at]]
            luck[at] = chance[own[at]]
        whole, all_luck = summed(warm, begin, end), summed(luck, begin, end)
        for at in range(begin, end):
            s, even = own[at], ground[EVEN, own[at]]
            burning = warm[at] / whole if whole > 0 else even
            share = floor * even + random * luck[at] / all_luck + by_heat * burning
            placed = officers * share / ground[LENGTH, s]
            effort[s] = placed if np.isnan(held[s]) else held[s]


@compiled
def remember(
    sector: Annotated[I4, "n"],
    kept: float,
    least: float,
    effort: Annotated[F8, "S"],
    heat: Annotated[F8, "S"],
) -> None:
    """Fade the heat of S sectors by one week and add seizures per unit of effort.

    Parameters
    ----------
    sector
        Of each seizure.
    kept, least
        Share of the heat that is left; the least effort that counts.
    effort, heat
        `heat` is changed in place.
    """
    seizures = np.zeros(heat.size)
    for s in sector:
        seizures[s] += 1
    for s in range(heat.size):
        heat[s] *= kept
        if seizures[s]:
            heat[s] += seizures[s] / max(effort[s], least)


@compiled
def hazards(
    owner: Annotated[I2, "S"],
    effort: Annotated[F8, "S"],
    corruption: Annotated[F8, "S"],
    capability: Annotated[F8, "A"],
    method: Annotated[F8, "A"],
    general: float,
    targeted: float,
    out: Annotated[F8, "3, S"],
) -> None:
    """What awaits shipments on each sector (`EVERYWHERE`, `WATCHED`, `IGNORANCE`).

    These are the hazard of a plain shipment, what a watch for it adds, and how far methods of
    concealment are not known there.

    Parameters
    ----------
    owner
        Agency of each sector.
    effort, corruption
        Officers a kilometre over the reference density; share of them that can be bought.
    capability, method
        Skill of each agency, and how far it knows methods.
    general, targeted
        Hazard of an effort of 1, without and with a watch.
    out
        Written.
    """
    for s in range(owner.size):
        skill, honest = capability[owner[s]], 1 - corruption[s]
        out[EVERYWHERE, s] = general * effort[s] * skill * honest
        out[WATCHED, s] = targeted * skill * honest if effort[s] > 0 else 0.0  # somebody watches
        out[IGNORANCE, s] = 1 - method[owner[s]]


@compiled
def expose(
    where: Annotated[I8, "2, A"],
    look: Annotated[F8, "2, A"],
    alike: Annotated[I8, "P"],
    hazard: Annotated[F8, "3, S"],
    concealment: Annotated[F8, "N"],
    watched: Annotated[B1, "S, N"],
    known: Annotated[I4, "S, N"],
    modus: Annotated[I4, "N"],
    stale: float,
    danger: Annotated[F8, "P"],
) -> None:
    """Probability of seizure at places, worked out for kinds of them.

    Parameters
    ----------
    where, look, alike
        Of each kind: sector and network; how visible and how concealed it is. Kind of each place.
    hazard
        What `hazards` has written.
    concealment
        Divides the hazard for those who do not know the method.
    watched, known, modus
        Watches, method that they look for, present method.
    stale
        What a watch for an outdated method is worth.
    danger
        Written.
    """
    each = np.empty(where.shape[1])
    for at in range(each.size):  # unsigned, or signs are looked at each time
        s, n = np.uint64(where[0, at]), np.uint64(where[1, at])
        meets = hazard[EVERYWHERE, s]
        if watched[s, n]:
            meets += hazard[WATCHED, s] * (1.0 if known[s, n] == modus[n] else stale)
        divisor = 1 + (concealment[n] - 1) * hazard[IGNORANCE, s]
        each[at] = meets * look[0, at] / (look[1, at] * divisor)
    for at in range(each.size):  # apart, so that it is made vector code
        each[at] = -expm1_of(-each[at])
    for place in range(danger.size):
        danger[place] = each[np.uint64(alike[place])]


@compiled
def thresholds(
    danger: Annotated[F8, "P"],
    out: Annotated[U4, "P"],
) -> None:
    """Probabilities below 1 as 32-bit numbers: a random word below ``out[i]`` is a hit."""
    for i in range(danger.size):
        out[i] = np.uint32(min(danger[i] * 2.0**32, 2.0**32 - 1))


@compiled
def hand_over(
    commodity: Annotated[I8, "L"],
    open_lane: Annotated[B1, "L"],
    amount: Annotated[I8, "L"],
    lost: Annotated[I8, "K"],
    delivered: Annotated[I8, "K"],
) -> None:
    """Settle what arrived on L lanes: it is delivered, or lost where the market is closed.

    Parameters
    ----------
    amount
        Set to 0 where the market is closed.
    lost, delivered
        Added to.
    """
    for lane in range(amount.size):
        if amount[lane] == 0:
            continue
        if open_lane[lane]:
            delivered[commodity[lane]] += amount[lane]
        else:
            lost[commodity[lane]] += amount[lane]
            amount[lane] = 0


@compiled(reason="what is said of a seizure is what its amount is added up by")
def note(
    place: Annotated[I4, "n"],
    lane: Annotated[I4, "n"],
    amount: Annotated[I8, "n"],
    place_sector: Annotated[I4, "P"],
    lane_network: Annotated[I4, "L"],
    lane_commodity: Annotated[I8, "L"],
    owner: Annotated[I2, "S"],
    sector: Annotated[I4, "n"],
    network: Annotated[I8, "n"],
    commodity: Annotated[I8, "n"],
    country: Annotated[I8, "n"],
    seized_by: Annotated[I8, "K, C"],
) -> None:
    """Say of each of n seizures where it was, whose, of what and by whom; add up the amounts.

    Parameters
    ----------
    place, lane, amount
        Of each seizure, in smallest units.
    place_sector, lane_network, lane_commodity, owner
        Sector of each place, network and commodity of each lane, country of each sector.
    sector, network, commodity, country
        Written, of each seizure.
    seized_by
        Added to.
    """
    for i in range(place.size):
        sector[i] = place_sector[place[i]]
        network[i] = lane_network[lane[i]]
        commodity[i] = lane_commodity[lane[i]]
        country[i] = owner[sector[i]]
        seized_by[commodity[i], country[i]] += amount[i]
