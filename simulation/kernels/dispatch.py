"""What is sent off in a week: how many shipments, their keys, and what they carry."""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.draws import draw_each, hashed
from tocsin.simulation.kernels.functions import exp, log_of_lognormal, normal


@compiled(
    "i8(u8[::1], i8, u8[::1], f8[::1], b1[::1], f8, f8[::1], f8[::1], f8[::1], f8[::1], i8[::1], "
    "i8[::1], i8[::1], f8[::1], b1[::1], u8[::1], i8[::1])"
)
def launches(
    streams,
    week,
    network_keys,
    labour,
    active,
    spread,
    made,
    capacity,
    volume,
    mean_size,
    line_network,
    line_commodity,
    first,
    share,
    open_,
    keys,
    number,
):
    """How many shipments leave on each lane: what is expected, rounded up or down by a draw.

    Parameters
    ----------
    streams, week
        uint64[2], keys of the streams that say how busy networks are and how to round; present
        week.
    network_keys, labour, active
        uint64[N], float64[N] what the members at large can do, relative to full strength, bool[N].
    spread
        How busy a network is varies lognormally, about 1: standard deviation of the logarithm.
    made
        float64[K], what can be made of each commodity, relative to the usual.
    capacity, volume
        float64[B], units a week of each line, and what it now sends relative to it.
    mean_size
        float64[K], units in a shipment.
    line_network, line_commodity, first
        int64[B], int64[B], int64[B + 1]: the lanes of line b are first[b] .. first[b + 1] - 1.
    share, open_, keys
        float64[L], bool[L], uint64[L].
    number
        int64[L], written.

    Returns
    -------
    Number of all shipments.
    """
    able, busy = np.empty(labour.size), np.empty(labour.size)
    draw_each(streams[0], network_keys, labour.size, np.uint64(week), np.uint64(0), able)
    normal(able, busy)
    for n in range(labour.size):
        busy[n] = log_of_lognormal(busy[n], spread)
    exp(busy, busy)
    for n in range(labour.size):
        able[n] = busy[n] * labour[n] if active[n] else 0.0
    used, total = 0, 0
    lane, expected = np.empty(share.size, np.int32), np.empty(share.size)
    used_keys, luck = np.empty(share.size, np.uint64), np.empty(share.size)
    for line in range(capacity.size):
        units = capacity[line] * volume[line] * able[line_network[line]]
        units *= made[line_commodity[line]]
        units /= mean_size[line_commodity[line]]
        for at in range(first[line], first[line + 1]):
            number[at] = 0
            lane[used], used_keys[used], expected[used] = at, keys[at], units * share[at]
            used += open_[at] & (expected[used] > 0)  # if not, the next one takes its place
    draw_each(streams[1], used_keys, used, np.uint64(week), np.uint64(0), luck)
    for i in range(used):
        number[lane[i]] = np.int64(np.floor(expected[i] + luck[i]))
        total += number[lane[i]]
    return total


@compiled("void(i8, i8[::1], i4[::1], u8[::1], u8[::1], i4[::1], i4[::1], i4[::1])")
def send_off(week, number, lane_start, keys, key, lane, place, launched):
    """Write down new shipments, lane by lane.

    The key of a shipment is that of its lane with the week and its number on the lane hashed in.

    Parameters
    ----------
    week
        The present week.
    number, lane_start, keys
        int64[L], int32[L], uint64[L]: shipments of each lane, its first place, its key.
    key, lane, place, launched
        uint64[n], int32[n], int32[n], int32[n], written: columns of the new shipments.
    """
    at = np.uint64(0)  # unsigned, or it is looked at each time whether it counts from the end
    for own in range(number.size):
        if number[own] == 0:
            continue
        root = hashed(keys[own], np.uint64(week))
        for n in range(np.uint64(number[own])):
            key[at], lane[at] = hashed(root, n), own
            place[at], launched[at] = lane_start[own], week
            at += np.uint64(1)


@compiled(
    "void(u8, u8[::1], i4[::1], f8[::1], f8, i8[::1], f8[::1], i8[::1], f8[::1], i8[::1], "
    "f8[::1], i8[::1])"
)
def load(stream, key, lane, spread, largest, commodity, mean_size, smallest, cost, amount, spent,
         produced):  # fmt: skip
    """Draw what each shipment holds, and pay for it. Sizes are lognormal up to the largest.

    Parameters
    ----------
    stream
        Key of the stream of the sizes (uint64).
    key, lane
        uint64[n], int32[n], of each shipment.
    spread, largest, commodity
        float64[L] standard deviation of the logarithm of the size, largest size relative to the
        mean, int64[L].
    mean_size, smallest
        float64[K] units in a shipment, int64[K] smallest units in a unit.
    cost
        float64[L], USD for a smallest unit, transport included.
    amount
        int64[n], written, in smallest units: rounded, at least 1.
    spent, produced
        float64[L] written, USD; int64[K] added to, smallest units.
    """
    luck, size = np.empty(key.size), np.empty(key.size)
    draw_each(stream, key, key.size, np.uint64(0), np.uint64(0), luck)
    normal(luck, size)
    for i in range(key.size):
        size[i] = log_of_lognormal(size[i], spread[np.uint64(lane[i])])
    exp(size, size)
    spent[:] = 0.0
    for i in range(key.size):
        own = np.uint64(lane[i])  # unsigned, or it is looked at whether it counts from the end
        good = np.uint64(commodity[own])
        rounded = np.rint(mean_size[good] * min(size[i], largest) * smallest[good])
        amount[i] = np.int64(max(1.0, rounded))
        spent[own] += amount[i]
        produced[good] += amount[i]
    for own in range(spent.size):
        spent[own] *= cost[own]
