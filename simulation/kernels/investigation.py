"""Case files, what comes into them, and the operations that come of them."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.draws import draw_each
from tocsin.simulation.kernels.sums import exact

UNLIKE = 1.5  # assistance without compatible law, where it is 1 at half and 0.5 at full


@compiled("void(i8[::1], i8[::1], u8[::1], f8[::1], f8[:, ::1], u8[:, ::1])")
def file_evidence(country, network, key, worth, evidence, latest):
    """Put n seizures into the files of those who made them.

    Parameters
    ----------
    country, network, key
        int64[n], int64[n], uint64[n].
    worth
        float64[C], what a seizure is worth as evidence to each country.
    evidence, latest
        float64[C, N], uint64[C, N], changed in place: evidence, key of the latest seizure.
    """
    for i in range(key.size):
        evidence[country[i], network[i]] += worth[country[i]]
        latest[country[i], network[i]] = key[i]


@compiled("i8(u8, u4, u8[:, ::1], f8[:, ::1], b1[::1], f8, f8[::1], f8, i8[:, ::1])")
def operations(stream, week, keys, evidence, active, rate, skill, half_full, ready):
    """Operations of C agencies on N networks: the fuller a case, the more likely.

    Parameters
    ----------
    stream, week
        Key of the stream (uint64), present week.
    keys, evidence, active
        uint64[C, N], float64[C, N], bool[N].
    rate, skill
        Weekly probability of an operation on a full case, and the factor on it, float64[C].
    half_full
        Evidence with which a case is half full.
    ready
        int64[C * N, 2], written from the front: (agency, network), in this order.

    Returns
    -------
    Number of operations.
    """
    number = 0
    luck = np.empty(active.size)
    square = half_full * half_full
    for country in range(skill.size):
        chance = rate * skill[country]
        draw_each(stream, keys[country], active.size, np.uint64(week), np.uint64(0), luck)
        for network in range(active.size):
            held = evidence[country, network] * evidence[country, network]
            full = held / (held + square)
            if active[network] and luck[network] < chance * full:
                ready[number, 0], ready[number, 1] = country, network
                number += 1
    return number


@compiled(
    "UniTuple(i8, 2)(i8, i8[::1], b1[:, ::1], i8[::1], i8[::1], f8[:, ::1], f8[::1], f8, f8, "
    "f8, f8[::1], f8[:, :, ::1])"
)
def send_evidence(
    now,
    weeks,
    recipients,
    origin,
    network,
    compatible,
    skill,
    lead,
    proof,
    mla_weeks,
    aged,
    coming,
):
    """Send what readers will hold against networks: a lead at once, and the evidence itself.

    The lead comes in the week of release; the evidence is requested then, and comes when legal
    assistance has brought it. Both age on their way.

    Parameters
    ----------
    now
        Present week.
    weeks, recipients, origin, network
        int64[n], bool[n, C], int64[n], int64[n]: week of release (0 for what nobody will read),
        readers, sender and network of each seizure.
    compatible
        float64[C, C], how much of a sender's (row's) case counts with a reader.
    skill
        float64[C], what a sender makes of a seizure.
    lead, proof
        Weights of the lead and of the evidence.
    mla_weeks
        Weeks of legal assistance where law is half compatible.
    aged
        float64[weeks], what is left of evidence after so many weeks.
    coming
        float64[weeks, C, N], added to.

    Returns
    -------
    Number of requests, and weeks of assistance of all of them.
    """
    horizon = coming.shape[0]
    present = now % horizon
    for i in range(weeks.size):
        if weeks[i] == 0:
            continue
        own, ahead = origin[i], weeks[i] - now
        slot = present + ahead - (horizon if present + ahead >= horizon else 0)
        for reader in range(recipients.shape[1]):
            if recipients[i, reader]:
                worth = compatible[own, reader] * skill[own]
                coming[slot, reader, network[i]] += lead * worth * aged[ahead]
    requests = 0
    waiting = 0
    for i in range(weeks.size):
        if weeks[i] == 0:
            continue
        own = origin[i]
        for reader in range(recipients.shape[1]):
            if recipients[i, reader]:
                assistance = np.int64(np.rint(mla_weeks * (UNLIKE - compatible[own, reader])))
                ahead = weeks[i] + assistance - now
                slot = present + ahead - (horizon if present + ahead >= horizon else 0)
                worth = compatible[own, reader] * skill[own]
                coming[slot, reader, network[i]] += proof * worth * aged[ahead]
                requests += 1
                waiting += assistance
    return requests, waiting


@compiled("f8(f8, f8[:, ::1], f8[:, ::1])")
def arrive(kept, coming, evidence):
    """Let case files age by a week, and put into them what comes in it.

    Parameters
    ----------
    kept
        Share of the evidence that a week leaves.
    coming, evidence
        float64[C, N], emptied; changed.

    Returns
    -------
    How much comes, exactly, so that the order of networks makes no difference.
    """
    arrived, count = np.empty(evidence.size), 0
    for country in range(evidence.shape[0]):
        for network in range(evidence.shape[1]):
            new = coming[country, network]
            evidence[country, network] = evidence[country, network] * kept + new
            if new != 0:
                arrived[count] = new
                count += 1
            coming[country, network] = 0.0
    return exact(arrived, count)
