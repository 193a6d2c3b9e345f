"""Case files, and the operations that come of them."""

import numpy as np

from simulation.kernels.compiling import compiled
from simulation.kernels.draws import draw_each


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


@compiled("i8(u8, u4, u8[:, ::1], f8[:, ::1], b1[::1], f8[::1], f8, i8[:, ::1])")
def operations(stream, week, keys, evidence, active, rate, square, ready):
    """Operations of C agencies on N networks: the fuller a case, the more likely.

    Parameters
    ----------
    stream, week
        Key of the stream (uint64), present week.
    keys, evidence, active
        uint64[C, N], float64[C, N], bool[N].
    rate
        float64[C], weekly probability of an operation on a full case.
    square
        Square of the evidence with which a case is half full.
    ready
        int64[C * N, 2], written from the front: (agency, network), in this order.

    Returns
    -------
    Number of operations.
    """
    number = 0
    luck = np.empty(active.size)
    for country in range(rate.size):
        draw_each(stream, keys[country], active.size, np.uint64(week), np.uint64(0), luck)
        for network in range(active.size):
            held = evidence[country, network] * evidence[country, network]
            full = held / (held + square)
            if active[network] and luck[network] < rate[country] * full:
                ready[number, 0], ready[number, 1] = country, network
                number += 1
    return number
