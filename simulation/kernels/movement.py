"""The movement and detection of shipments.

Neighbours with the same lane, place and week of launch are a *run*: they meet the same checkpoints.
Many runs are short, so the words of several are drawn together. Indices are unsigned, because numba
looks at each signed one whether it counts from the end, which cost a tenth of the time.
"""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import I4, I8, U4, U8
from tocsin.simulation.kernels.draws import HALF, LOW, word

ROOM, RUNS = np.uint64(2048), np.uint64(256)  # words and runs that are worked on at a time
WIDE = np.uint64(16)  # words are drawn so many at a time
NONE, ONE = np.uint64(0), np.uint64(1)


@compiled
def _draw(
    k0: np.uint64,
    k1: np.uint64,
    n: np.uint64,
    keys: Annotated[U8, "r"],
    meetings: Annotated[U8, "r"],
    found: Annotated[U8, "r"],
) -> None:  # a function of its own, or it is not made vector code
    for w in range(n):
        step, threshold = meetings[w] & LOW, meetings[w] >> HALF
        found[w] = word(keys[w] & LOW, keys[w] >> HALF, step, NONE, k0, k1) < threshold


@numba.njit(inline="always")
def _run(i, most, shipments):
    """End of the run that begins at `i`, no further than `most`, and the amount in it."""
    _, lane, place, launched, amount = shipments
    own, at, born = lane[i], place[i], launched[i]
    end, total = i + ONE, amount[i]
    while end < most and lane[end] == own and launched[end] == born and place[end] == at:
        total += amount[end]
        end += ONE
    return end, total


@numba.njit(inline="always")
def _gather(i, week, count, shipments, lanes, counts, runs, words):
    """Count what runs from `i` on meet, as if nothing were seized, until there is no room for more.

    A word is wanted for each meeting of a shipment and a checkpoint, side by side for one shipment:
    its key, and in one number the threshold and the step on the lane.

    Returns
    -------
    First shipment that is left for another time, number of runs, number of words.
    """
    lane_start, lane_end, lane_weeks, reach, threshold = lanes
    passed, passed_amount, delivered, delivered_amount = counts
    first, meets, arrived = runs
    shipment_key, lane, place, launched, _ = shipments
    keys, meetings = words
    run, filled = NONE, NONE
    while i < count and run < RUNS and filled < ROOM:
        own, at, age = np.uint64(lane[i]), np.uint64(place[i]), week - launched[i]
        start, end = np.uint64(lane_start[own]), np.uint64(lane_end[own])
        beyond = at
        while beyond < end and reach[beyond] <= age:
            beyond += ONE
        met = beyond - at
        most = i + (ROOM - filled) // max(met, ONE) + ONE
        stop, total = _run(i, min(most, count), shipments)
        number = np.int64(stop - i)
        for here in range(at, beyond):
            passed[here] += number
            passed_amount[here] += total
            meeting, w = np.uint64(threshold[here]) << HALF | here - start, filled + here - at
            for s in range(i, stop):
                keys[w], meetings[w] = shipment_key[s], meeting
                w += met
        arrived[run] = beyond == end and age >= lane_weeks[own]
        if arrived[run]:
            delivered[own] += number
            delivered_amount[own] += total
        first[run], meets[run] = i, met
        run += ONE
        filled += met * (stop - i)
        i = stop
    first[run] = i
    return i, run, filled


@numba.njit(inline="always")
def _list(found, n, hits):
    """Numbers of those of the first n answers that are yes, and n behind them."""
    listed = NONE
    for w in range(n):
        hits[listed] = w  # if not, the next one takes its place
        listed += found[w]
    hits[listed] = n


@numba.njit(inline="always")
def _settle(kept, caught, number, shipments, counts, runs, hits, seized):
    """Put those still under way in front, and those seized on their list, run by run.

    Returns
    -------
    Number of those in front, number on the list.
    """
    shipment_key, lane, place, launched, amount = shipments
    seized_key, seized_lane, seized_place, seized_launched, seized_amount = seized
    passed, passed_amount, delivered, delivered_amount = counts
    first, meets, arrived = runs
    hit, w = NONE, NONE  # next hit, and first word of shipment i
    for run in range(number):
        i, stop, met = first[run], first[run + ONE], meets[run]
        own, born, at = lane[i], launched[i], np.uint64(place[i])
        while i < stop:
            spared = stop - i
            if hits[hit] < w + met * spared:
                spared = (hits[hit] - w) // met
            if not arrived[run]:
                for s in range(i, i + spared):
                    shipment_key[kept], amount[kept] = shipment_key[s], amount[s]
                    lane[kept], place[kept], launched[kept] = own, at + met, born
                    kept += ONE
            i += spared
            w += met * spared
            if i < stop:
                here = at + hits[hit] - w
                seized_key[caught], seized_amount[caught] = shipment_key[i], amount[i]
                seized_lane[caught], seized_place[caught], seized_launched[caught] = own, here, born
                caught += ONE
                for missed in range(here + ONE, at + met):
                    passed[missed] -= 1
                    passed_amount[missed] -= amount[i]
                if arrived[run]:
                    delivered[np.uint64(own)] -= 1
                    delivered_amount[np.uint64(own)] -= amount[i]
                i += ONE
                w += met
                while hits[hit] < w:
                    hit += ONE
    return kept, caught


@compiled(reason="four tables by column; as named tuples they cost 60 microseconds a call")
def move(
    key: np.uint64,
    week: int,
    count: int,
    shipment_key: Annotated[U8, "n"],
    lane: Annotated[I4, "n"],
    place: Annotated[I4, "n"],
    launched: Annotated[I4, "n"],
    amount: Annotated[I8, "n"],
    lane_start: Annotated[I4, "L"],
    lane_end: Annotated[I4, "L"],
    lane_weeks: Annotated[I4, "L"],
    reach: Annotated[I4, "P"],
    threshold: Annotated[U4, "P"],
    passed: Annotated[I4, "P"],
    passed_amount: Annotated[I8, "P"],
    delivered: Annotated[I4, "L"],
    delivered_amount: Annotated[I8, "L"],
    seized_key: Annotated[U8, "n"],
    seized_lane: Annotated[I4, "n"],
    seized_place: Annotated[I4, "n"],
    seized_launched: Annotated[I4, "n"],
    seized_amount: Annotated[I8, "n"],
) -> tuple[int, int]:
    """Move every shipment through one week; those still under way stay in front, in order.

    A lane is one network's use of one route; its checkpoints are the places
    ``lane_start[l] .. lane_end[l] - 1``, reached ``reach[place]`` weeks after launch. At each
    checkpoint the shipment's own random word is compared with the threshold of the place
    (probability times 2**32); a smaller word means seizure. Without a seizure it is delivered
    ``lane_weeks[l]`` weeks after launch. Shipments may be in any order; long runs are fastest.

    Parameters
    ----------
    key, week, count
        Key of the stream, present week, shipments under way (first `count` entries).
    shipment_key, lane, place, launched, amount
        State, changed in place. `place` is the next checkpoint, `amount` is in the smallest unit.
    lane_start, lane_end, lane_weeks, reach
        First place of each lane and the one behind the last; weeks on it, and to each place.
    passed, passed_amount, delivered, delivered_amount
        Added to: shipments and amounts that met a checkpoint, and that were delivered.
    seized_key, seized_lane, seized_place, seized_launched, seized_amount
        Written from the front, in the order of the shipments.

    Returns
    -------
    Number of shipments still under way, number seized.
    """
    k0, k1 = key & LOW, key >> HALF
    shipments = shipment_key, lane, place, launched, amount
    lanes = lane_start, lane_end, lane_weeks, reach, threshold
    counts = passed, passed_amount, delivered, delivered_amount
    seized = seized_key, seized_lane, seized_place, seized_launched, seized_amount
    room = ROOM + np.uint64(threshold.size) + WIDE  # a shipment may meet all places of its lane
    words = np.empty(room, np.uint64), np.empty(room, np.uint64)
    found, hits = np.empty(room, np.uint64), np.empty(room, np.uint64)
    runs = np.empty(RUNS + ONE, np.uint64), np.empty(RUNS, np.uint64), np.empty(RUNS, np.bool_)
    kept, caught, i, all_ = NONE, NONE, NONE, np.uint64(count)
    while i < all_:
        i, number, filled = _gather(i, week, all_, shipments, lanes, counts, runs, words)
        _draw(k0, k1, (filled + WIDE - ONE) // WIDE * WIDE, words[0], words[1], found)
        _list(found, filled, hits)
        kept, caught = _settle(kept, caught, number, shipments, counts, runs, hits, seized)
    return int(kept), int(caught)
