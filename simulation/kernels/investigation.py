"""Case files, what comes into them, and the operations that come of them."""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I8, U8
from tocsin.simulation.kernels.draws import draw_each
from tocsin.simulation.kernels.sums import exact

UNLIKE = 1.5  # assistance without compatible law, where it is 1 at half and 0.5 at full


@compiled
def file_evidence(
    agency: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    key: Annotated[U8, "n"],
    worth: Annotated[F8, "A"],
    evidence: Annotated[F8, "A, N"],
    latest: Annotated[U8, "A, N"],
) -> None:
    """Put n seizures into the files of those who made them.

    Parameters
    ----------
    worth
        What a seizure is worth as evidence to each agency.
    evidence, latest
        Changed in place: evidence, key of the latest seizure.
    """
    for i in range(key.size):
        evidence[agency[i], network[i]] += worth[agency[i]]
        latest[agency[i], network[i]] = key[i]


@compiled
def fullness(evidence: float, half_full: float) -> float:
    """How full a case is, 0 to 1; `half_full` is the evidence with which it is half full."""
    held = evidence * evidence
    return held / (held + half_full * half_full)


@compiled
def operations(
    stream: np.uint64,
    week: int,
    keys: Annotated[U8, "A, N"],
    evidence: Annotated[F8, "A, N"],
    active: Annotated[B1, "N"],
    rate: float,
    skill: Annotated[F8, "A"],
    half_full: float,
    ready: Annotated[I8, "A * N, 2"],
) -> int:
    """Operations of agencies on networks: the fuller a case, the more likely.

    Parameters
    ----------
    stream, week
        Key of the stream, present week.
    rate, skill
        Weekly probability of an operation on a full case, and the factor on it.
    half_full
        Evidence with which a case is half full.
    ready
        Written from the front: (agency, network), in this order.

    Returns
    -------
    Number of operations.
    """
    number = 0
    luck = np.empty(active.size)
    for agency in range(skill.size):
        chance = rate * skill[agency]
        draw_each(stream, keys[agency], active.size, np.uint64(week), np.uint64(0), luck)
        for network in range(active.size):
            full = fullness(evidence[agency, network], half_full)
            if active[network] and luck[network] < chance * full:
                ready[number, 0], ready[number, 1] = agency, network
                number += 1
    return number


@numba.njit(inline="always")
def _slot(now, ahead, horizon):
    """Where in a ring of weeks stands what comes so many weeks from now."""
    slot = now % horizon + ahead
    return slot - horizon if slot >= horizon else slot


@numba.njit(inline="always")
def _abroad(compatible, skill, own, reader):
    """What an agency's seizure is worth as evidence to a reader in another agency."""
    return compatible[own, reader] * skill[own]


@compiled(reason="lead and evidence of the same seizures, on their way to the same files")
def send_evidence(
    now: int,
    weeks: Annotated[I8, "n"],
    recipients: Annotated[B1, "n, A"],
    origin: Annotated[I8, "n"],
    network: Annotated[I8, "n"],
    compatible: Annotated[F8, "A, A"],
    skill: Annotated[F8, "A"],
    lead: float,
    proof: float,
    mla_weeks: float,
    aged: Annotated[F8, "W"],
    coming: Annotated[F8, "W, A, N"],
) -> tuple[int, int]:
    """Send what readers will hold against networks: a lead at once, and the evidence itself.

    The lead comes in the week of release; the evidence is requested then, and comes when legal
    assistance has brought it. Both age on their way.

    Parameters
    ----------
    now
        Present week.
    weeks, recipients, origin, network
        Of each seizure: week of release (0 for what nobody will read), readers, sender, network.
    compatible
        How much of a sender's (row's) case counts with a reader.
    skill
        What a sender makes of a seizure.
    lead, proof
        Weights of the lead and of the evidence.
    mla_weeks
        Weeks of legal assistance where law is half compatible.
    aged
        What is left of evidence after so many weeks.
    coming
        Added to.

    Returns
    -------
    Number of requests, and weeks of assistance of all of them.
    """
    horizon = coming.shape[0]
    for i in range(weeks.size):
        if weeks[i] == 0:
            continue
        own, ahead = origin[i], weeks[i] - now
        slot = _slot(now, ahead, horizon)
        for reader in range(recipients.shape[1]):
            if recipients[i, reader]:
                worth = _abroad(compatible, skill, own, reader)
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
                slot = _slot(now, ahead, horizon)
                worth = _abroad(compatible, skill, own, reader)
                coming[slot, reader, network[i]] += proof * worth * aged[ahead]
                requests += 1
                waiting += assistance
    return requests, int(waiting)


@compiled
def arrive(
    kept: float,
    coming: Annotated[F8, "A, N"],
    evidence: Annotated[F8, "A, N"],
) -> float:
    """Let case files age by a week, and put into them what comes in it.

    Parameters
    ----------
    kept
        Share of the evidence that a week leaves.
    coming, evidence
        Emptied; changed.

    Returns
    -------
    How much comes, exactly, so that the order of networks makes no difference.
    """
    arrived, count = np.empty(evidence.size), 0
    for agency in range(evidence.shape[0]):
        for network in range(evidence.shape[1]):
            new = coming[agency, network]
            evidence[agency, network] = evidence[agency, network] * kept + new
            if new != 0:
                arrived[count] = new
                count += 1
            coming[agency, network] = 0.0
    return exact(arrived, count)
