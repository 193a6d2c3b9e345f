"""What is sent off in a week: how many shipments, their keys, and what they carry."""

import numpy as np

from simulation.kernels.compiling import compiled
from simulation.kernels.draws import draw_each, hashed


@compiled(
    "i8(u8, i8, f8[::1], f8[::1], f8[::1], f8[::1], f8[::1], i8[::1], i8[::1], i8[::1], "
    "f8[::1], b1[::1], u8[::1], i8[::1])"
)
def launches(
    stream,
    week,
    able,
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
    stream, week
        Key of the stream of the draws (uint64), present week.
    able
        float64[N], what each network can do this week, relative to full strength.
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
    draw_each(stream, used_keys, used, np.uint64(week), np.uint64(0), luck)
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


@compiled("void(i4[::1], f8[::1], i8[::1], f8[::1], i8[::1], f8[::1], i8[::1], f8[::1], i8[::1])")
def load(lane, size, commodity, mean_size, smallest, cost, amount, spent, produced):
    """Give each shipment its amount, and pay for it.

    Parameters
    ----------
    lane
        int32[n], of each shipment.
    size
        float64[n], relative to the usual size.
    commodity
        int64[L].
    mean_size, smallest
        float64[K] units in a shipment, int64[K] smallest units in a unit.
    cost
        float64[L], USD for a smallest unit, transport included.
    amount
        int64[n], written, in smallest units: rounded, at least 1.
    spent, produced
        float64[L] written, USD; int64[K] added to, smallest units.
    """
    spent[:] = 0.0
    for i in range(lane.size):
        good = commodity[lane[i]]
        rounded = np.rint(mean_size[good] * size[i] * smallest[good])
        amount[i] = np.int64(max(1.0, rounded))
        spent[lane[i]] += amount[i]
        produced[good] += amount[i]
    for own in range(spent.size):
        spent[own] *= cost[own]
