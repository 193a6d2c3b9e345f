"""What networks make of a week: where they lost shipments, what they believe, how they hide."""

from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I4, I8


@compiled(reason="one pass over what ended in a week, by network and by sector")
def outcomes(
    passed: Annotated[I4, "P"],
    place_network: Annotated[I4, "P"],
    place_sector: Annotated[I4, "P"],
    delivered: Annotated[I4, "L"],
    lane_network: Annotated[I4, "L"],
    network: Annotated[I8, "n"],
    sector: Annotated[I4, "n"],
    kept: float,
    crossed: Annotated[F8, "N, S"],
    caught: Annotated[F8, "N, S"],
    lost: Annotated[F8, "N"],
    met: Annotated[F8, "N"],
    loss_rate: Annotated[F8, "N"],
) -> None:
    """Count what each network had across each sector and seized there; let each remember it.

    Parameters
    ----------
    passed, place_network, place_sector
        Shipments that met each place; whose place it is, and where.
    delivered, lane_network
        Deliveries on each lane; whose lane it is.
    network, sector
        Of each seizure.
    kept
        Share of what networks remember that outlasts a week.
    crossed, caught
        Added to.
    lost, met
        Changed: remembered shipments that were seized, and that met their end.
    loss_rate
        Written: the one as a share of the other.
    """
    seized, arrived = np.zeros(lost.size), np.zeros(lost.size)
    for place in range(passed.size):
        if passed[place]:
            crossed[place_network[place], place_sector[place]] += passed[place]
    for lane in range(delivered.size):
        if delivered[lane]:
            arrived[lane_network[lane]] += delivered[lane]
    for i in range(network.size):
        caught[network[i], sector[i]] += 1
        seized[network[i]] += 1
    for n in range(lost.size):
        lost[n] = lost[n] * kept + seized[n]
        met[n] = met[n] * kept + seized[n] + arrived[n]
        loss_rate[n] = lost[n] / max(met[n], 1e-9)


@compiled
def evade(
    loss_rate: Annotated[F8, "N"],
    active: Annotated[B1, "N"],
    luck: Annotated[F8, "N"],
    often: float,
    pressed: float,
    rate: float,
    most: float,
    fade: float,
    concealment: Annotated[F8, "N"],
    who: Annotated[I8, "N"],
) -> int:
    """Let networks hide as far as losses press them, and now and then change their method.

    Parameters
    ----------
    luck
        Uniform random numbers.
    often, pressed
        Weekly probability to change the method without losses, and more if all is lost.
    rate, most, fade
        How fast losses teach to hide, how well one can, how fast it slips.
    concealment
        Changed in place.
    who
        Written from the front: networks that change their method.

    Returns
    -------
    Number of networks that change their method.
    """
    number = 0
    for n in range(active.size):
        loss = loss_rate[n] if active[n] else 0.0
        concealment[n] += rate * loss * (most - concealment[n])
        concealment[n] -= fade * (concealment[n] - 1)
        if active[n] and luck[n] < often + pressed * loss:
            who[number] = n
            number += 1
    return number


@compiled
def perceived_risk(
    losses: Annotated[F8, "N, S"],
    safe: Annotated[F8, "N, S"],
    active: Annotated[B1, "N"],
    rumour: float,
    most: float,
    out: Annotated[F8, "N, S"],
) -> None:
    """Share of losses that each network expects on each sector.

    Parameters
    ----------
    losses, safe
        Counts.
    active
        Those out of business are not heard, but hear.
    rumour
        Weight of the mean of what all others believe; 0 for none.
    most
        Largest risk that is believed.
    out
        Written.
    """
    networks, sectors = losses.shape
    heard = 0
    together = np.zeros(sectors)
    for n in range(networks):
        for s in range(sectors):
            out[n, s] = losses[n, s] / (losses[n, s] + safe[n, s])
        if active[n]:
            heard += 1
            for s in range(sectors):
                together[s] += out[n, s]
    talk = rumour != 0.0 and heard > 1
    for n in range(networks):
        part = 1.0 if active[n] else 0.0
        others = max(heard - (1 if active[n] else 0), 1)
        for s in range(sectors):
            own = out[n, s]
            if talk:
                own += rumour * ((together[s] - own * part) / others - own)
            out[n, s] = min(own, most)


@compiled
def experience(
    losses: Annotated[F8, "N, S"],
    safe: Annotated[F8, "N, S"],
    prior_losses: Annotated[F8, "S"],
    prior_safe: Annotated[F8, "S"],
    kept: float,
    lost: Annotated[F8, "N, S"],
    crossed: Annotated[F8, "N, S"],
) -> None:
    """Let counts fade towards their priors, then add a week's experience.

    Parameters
    ----------
    losses, safe
        Changed.
    kept
        Share of what is beyond the prior that outlasts the week.
    lost, crossed
        Losses among the crossings, and all crossings.
    """
    for n in range(losses.shape[0]):
        for s in range(losses.shape[1]):
            losses[n, s] = (losses[n, s] - prior_losses[s]) * kept + prior_losses[s] + lost[n, s]
            safe[n, s] = (
                (safe[n, s] - prior_safe[s]) * kept + prior_safe[s] + (crossed[n, s] - lost[n, s])
            )
