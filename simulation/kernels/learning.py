"""What a week of crossings and seizures was like for networks and for agencies."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled


@compiled(
    "void(i4[::1], i4[::1], i4[::1], i4[::1], i4[::1], i8[::1], i4[::1], f8, f8[:, ::1], "
    "f8[:, ::1], f8[::1], f8[::1], f8[::1])"
)
def outcomes(passed, place_network, place_sector, delivered, lane_network, network, sector, kept,
             crossings, caught, lost, met, loss_rate):  # fmt: skip
    """Count the crossings, seizures and deliveries of N networks, and let each remember its own.

    Parameters
    ----------
    passed, place_network, place_sector
        int32[P], shipments that met each place; whose place it is, and where.
    delivered, lane_network
        int32[L], deliveries on each lane; whose lane it is.
    network, sector
        int64[n], int32[n], of the seizures.
    kept
        Share of what networks remember that outlasts a week.
    crossings, caught
        float64[N, S], added to.
    lost, met
        float64[N], changed: remembered shipments that were seized, and that met their end.
    loss_rate
        float64[N], written: the one as a share of the other.
    """
    seized, arrived = np.zeros(lost.size), np.zeros(lost.size)
    for place in range(passed.size):
        if passed[place]:
            crossings[place_network[place], place_sector[place]] += passed[place]
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


@compiled("i8(f8[::1], b1[::1], f8[::1], f8, f8, f8, f8, f8, f8[::1], i8[::1])")
def evade(loss_rate, active, luck, often, pressed, rate, most, fade, concealment, who):
    """Let N networks hide as far as losses press them, and now and then change their method.

    Parameters
    ----------
    loss_rate, active, luck
        float64[N], bool[N], float64[N]: uniform random numbers.
    often, pressed
        Weekly probability to change the method without losses, and more if all is lost.
    rate, most, fade
        How fast losses teach to hide, how well one can, how fast it slips.
    concealment
        float64[N], changed in place.
    who
        int64[N], written from the front: networks that change their method.

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
