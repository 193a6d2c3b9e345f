"""The movement and detection of shipments."""

import numpy as np

from simulation.kernels.compiling import compiled
from simulation.kernels.draws import HALF, LOW, word

RUN = 512  # shipments of one lane and week of launch that are worked on at a time
WIDE, FEW = 16, 4  # words are drawn so many at a time, except for fewer than a few


@compiled("void(u8, u8, u8, i8, u8[::1], u4[::1])")
def _draw(k0, k1, step, n, keys, words):  # a function of its own, or it is not made vector code
    for s in range(n):
        words[s] = word(keys[s] & LOW, keys[s] >> HALF, step, np.uint64(0), k0, k1)


@compiled(
    "UniTuple(i8, 2)(u8, i8, i8, u8[::1], i4[::1], i4[::1], i4[::1], i8[::1], "
    "i4[::1], i4[::1], i4[::1], i4[::1], u4[::1], "
    "i4[::1], i8[::1], i4[::1], i8[::1], u8[::1], i4[::1], i4[::1], i4[::1], i8[::1])"
)
def move(
    key,
    week,
    count,
    shipment_key,
    lane,
    place,
    launched,
    amount,
    lane_start,
    lane_end,
    lane_weeks,
    reach,
    threshold,
    passed,
    passed_amount,
    delivered,
    delivered_amount,
    seized_key,
    seized_lane,
    seized_place,
    seized_launched,
    seized_amount,
):
    """Move every shipment through one week; those still under way stay in front, in order.

    A lane is one network's use of one route; its checkpoints are the places
    ``lane_start[l] .. lane_end[l] - 1``, reached ``reach[place]`` weeks after launch. At each
    checkpoint the shipment's own random word is compared with ``threshold[place]`` (uint32:
    probability times 2**32); a smaller word means seizure. Without a seizure it is delivered
    ``lane_weeks[l]`` weeks after launch. Neighbours with the same lane, place and week of launch
    meet the same checkpoints, so they are worked on together, in whatever order the rest is.

    Parameters
    ----------
    key, week, count
        Key of the stream (uint64), present week, shipments under way (first `count` entries).
    shipment_key, lane, place, launched, amount
        uint64, int32, int32, int32, int64 [capacity]: state, changed in place. `place` is the
        next checkpoint, `amount` is in the smallest unit.
    lane_start, lane_end, lane_weeks
        int32[lanes].
    reach, threshold
        int32[places], uint32[places].
    passed, passed_amount
        int32[places], int64[places]: added to, shipments and amount that met a checkpoint.
    delivered, delivered_amount
        int32[lanes], int64[lanes]: added to.
    seized_key, seized_lane, seized_place, seized_launched, seized_amount
        Written from the front, in the order of the shipments.

    Returns
    -------
    Number of shipments still under way, number seized.
    """
    k0, k1 = key & LOW, key >> HALF
    words = np.empty(RUN + WIDE, dtype=np.uint32)
    keys = np.empty(RUN + WIDE, dtype=np.uint64)
    seized_at = np.empty(RUN, dtype=np.int32)
    kept = 0
    caught = 0
    i = 0
    while i < count:
        own, at, born = lane[i], place[i], launched[i]
        most = min(RUN, count - i)
        n = 1  # those that are in the same place at the same time go through the week together
        while n < most and lane[i + n] == own and launched[i + n] == born and place[i + n] == at:
            n += 1
        own_key, own_amount = shipment_key[i : i + n], amount[i : i + n]
        left, total = n, np.int64(0)
        for s in range(n):
            keys[s] = own_key[s]
            seized_at[s] = -1
            total += own_amount[s]
        age, end, start = week - born, lane_end[own], lane_start[own]
        while at < end and reach[at] <= age:
            passed[at] += left
            passed_amount[at] += total
            step, line = np.uint64(at - start), threshold[at]
            _draw(k0, k1, step, n if n < FEW else (n + WIDE - 1) // WIDE * WIDE, keys, words)
            for s in range(n):
                if words[s] < line and seized_at[s] < 0:
                    seized_at[s] = at
                    left -= 1
                    total -= own_amount[s]
            at += 1
        arrived = at == end and age >= lane_weeks[own]
        if arrived:
            delivered[own] += left
            delivered_amount[own] += total
        for s in range(n):
            if seized_at[s] >= 0:
                seized_key[caught] = keys[s]
                seized_lane[caught] = own
                seized_place[caught] = seized_at[s]
                seized_launched[caught] = born
                seized_amount[caught] = own_amount[s]
                caught += 1
            elif not arrived:
                shipment_key[kept] = keys[s]
                lane[kept] = own
                place[kept] = at
                launched[kept] = born
                amount[kept] = own_amount[s]
                kept += 1
        i += n
    return kept, caught
