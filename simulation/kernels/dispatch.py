"""What is sent off in a week: how many shipments, their keys, and what they carry."""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I4, I8, U8
from tocsin.simulation.kernels.draws import draw_each, hashed
from tocsin.simulation.kernels.functions import exp, log_of_lognormal, normal


@numba.njit(error_model="numpy")
def _busy(stream, now, keys, labour, active, spread):
    """What each network does in a week, relative to full strength. [N]"""
    luck, out = np.empty(labour.size), np.empty(labour.size)
    draw_each(stream, keys, labour.size, now, np.uint64(0), luck)
    normal(luck, out)
    for n in range(labour.size):
        out[n] = log_of_lognormal(out[n], spread)
    exp(out, out)
    for n in range(labour.size):
        out[n] = out[n] * labour[n] if active[n] else 0.0
    return out


@compiled(reason="what is planned for a line is not kept, but at once parted among its lanes")
def launches(
    streams: Annotated[U8, "2"],
    week: int,
    network_keys: Annotated[U8, "N"],
    labour: Annotated[F8, "N"],
    active: Annotated[B1, "N"],
    spread: float,
    made: Annotated[F8, "K"],
    capacity: Annotated[F8, "B"],
    volume: Annotated[F8, "B"],
    mean_size: Annotated[F8, "K"],
    line_network: Annotated[I8, "B"],
    line_commodity: Annotated[I8, "B"],
    first: Annotated[I8, "B + 1"],
    share: Annotated[F8, "L"],
    open_: Annotated[B1, "L"],
    keys: Annotated[U8, "L"],
    number: Annotated[I8, "L"],
) -> int:
    """How many shipments leave on each lane: what is expected, rounded up or down by a draw.

    Parameters
    ----------
    streams, week
        Keys of the streams that say how busy networks are and how to round; present week.
    network_keys, labour, active
        Of each network: key, what the members at large can do, whether it is in business.
    spread
        How busy a network is varies lognormally, about 1: standard deviation of the logarithm.
    made, mean_size
        What can be made of each commodity, relative to the usual; units in a shipment.
    capacity, volume
        Units a week of each line, and what it now sends relative to it.
    first
        The lanes of line b are first[b] .. first[b + 1] - 1.
    share, open_, keys
        Of each lane: its share, whether its market is open, its key.
    number
        Written.

    Returns
    -------
    Number of all shipments.
    """
    able = _busy(streams[0], np.uint64(week), network_keys, labour, active, spread)
    used, total = 0, 0
    lane, due = np.empty(share.size, np.int32), np.empty(share.size)
    used_keys, luck = np.empty(share.size, np.uint64), np.empty(share.size)
    for line in range(capacity.size):
        good = line_commodity[line]
        units = capacity[line] * volume[line] * able[line_network[line]] * made[good]
        shipments = units / mean_size[good]
        for at in range(first[line], first[line + 1]):
            number[at] = 0
            lane[used], used_keys[used], due[used] = at, keys[at], shipments * share[at]
            used += open_[at] & (due[used] > 0)  # if not, the next one takes its place
    draw_each(streams[1], used_keys, used, np.uint64(week), np.uint64(0), luck)
    for i in range(used):
        number[lane[i]] = np.int64(np.floor(due[i] + luck[i]))
        total += number[lane[i]]
    return int(total)


@compiled
def send_off(
    week: int,
    number: Annotated[I8, "L"],
    lane_start: Annotated[I4, "L"],
    keys: Annotated[U8, "L"],
    key: Annotated[U8, "n"],
    lane: Annotated[I4, "n"],
    place: Annotated[I4, "n"],
    launched: Annotated[I4, "n"],
) -> None:
    """Write down new shipments, lane by lane.

    The key of a shipment is that of its lane with the week and its number on the lane hashed in.

    Parameters
    ----------
    week
        The present week.
    number, lane_start, keys
        Shipments of each lane, its first place, its key.
    key, lane, place, launched
        Written: columns of the new shipments.
    """
    at = np.uint64(0)  # unsigned, or it is looked at each time whether it counts from the end
    for own in range(number.size):
        if number[own] == 0:
            continue
        root = np.uint64(hashed(keys[own], np.uint64(week)))
        for n in range(np.uint64(number[own])):
            key[at], lane[at] = hashed(root, n), own
            place[at], launched[at] = lane_start[own], week
            at += np.uint64(1)


@compiled(reason="what a shipment holds is paid for where it is drawn, in one pass over them")
def load(
    stream: np.uint64,
    key: Annotated[U8, "n"],
    lane: Annotated[I4, "n"],
    commodity: Annotated[I8, "L"],
    spread: Annotated[F8, "L"],
    largest: float,
    mean_size: Annotated[F8, "K"],
    smallest: Annotated[I8, "K"],
    cost: Annotated[F8, "L"],
    amount: Annotated[I8, "n"],
    spent: Annotated[F8, "L"],
    produced: Annotated[I8, "K"],
) -> None:
    """Draw what each shipment holds, and pay for it. Sizes are lognormal up to the largest.

    Parameters
    ----------
    stream
        Key of the stream of the sizes.
    key, lane
        Of each shipment.
    commodity, spread, largest
        Of each lane its commodity and the standard deviation of the logarithm of the size; largest
        size relative to the mean.
    mean_size, smallest
        Units in a shipment, smallest units in a unit.
    cost
        USD for a smallest unit on each lane, transport included.
    amount
        Written, in smallest units: rounded, at least 1.
    spent, produced
        Written, USD; added to, smallest units.
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
