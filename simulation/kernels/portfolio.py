"""Reviews of routes: all lanes of the lines of trade in turn, line by line.

The lanes of line b are ``first[b] .. first[b + 1] - 1``. Arrays by A have an entry for each lane
of the lines in turn, line after line; what has only [L] or [B] has one for each of the run.
"""

import numpy as np

from simulation.kernels.compiling import compiled
from simulation.kernels.draws import draw_each
from simulation.kernels.functions import exp_of, raised
from simulation.kernels.sums import summed


@compiled("i8(i8[::1], i8[::1], i4[::1], i4[::1], i4[::1], f8[:, ::1], f8[::1])")
def passage(lines, first, lane_start, lane_end, sector, log_safe, out):
    """Log of the probability to get through, by lane.

    It is the difference of what is summed up along all places of a line.

    Parameters
    ----------
    lines
        int64[R], in turn.
    first
        int64[B + 1].
    lane_start, lane_end
        int32[L], first and last place (exclusive); a line's lanes lie behind one another.
    sector
        int32[places].
    log_safe
        float64[R, S], log of the probability to pass each sector, as each line sees it.
    out
        float64[L], written from the front: [A].

    Returns
    -------
    A, the number of lanes.
    """
    number = 0
    for row in range(lines.size):
        along = 0.0
        for lane in range(first[lines[row]], first[lines[row] + 1]):
            before = along
            for place in range(lane_start[lane], lane_end[lane]):
                along += log_safe[row, sector[place]]
            out[number] = along - before
            number += 1
    return number


@compiled("void(i8[::1], i8[::1], f8[::1], i4[::1], f8[::1], f8[::1], f8, f8[::1], f8[::1])")
def expected_money(lines, first, price, market, cost, bought, bribe_share, log_safe, out):
    """USD per unit that a lane should bring: what is earned and kept from bribes, if it arrives.

    Parameters
    ----------
    lines, first
        int64[R], int64[B + 1].
    price
        float64[M], at the markets.
    market, cost, bought
        int32[L], float64[L] in USD per unit, float64[L] share of the effort that can be bought.
    bribe_share
        Share of the margin that officers get who can be bought.
    log_safe
        float64[A], log of the probability to get through.
    out
        float64[A], written.
    """
    number = 0
    for line in lines:
        for lane in range(first[line], first[line + 1]):
            earned = price[market[lane]]
            bribes = bribe_share * bought[lane] * max(earned - cost[lane], 0.0)
            out[number] = (earned - bribes) * exp_of(log_safe[number]) - cost[lane]
            number += 1


@compiled(
    "UniTuple(i8, 2)(i8[::1], i8[::1], u8[::1], u8[::1], i8, f8, f8[::1], f8, f8, i8, i8, "
    "b1[::1], b1[::1], f8[::1], i8[::1], f8[::1])"
)
def contacts(
    lines,
    first,
    streams,
    keys,
    week,
    turnover,
    loss_rate,
    tolerance,
    forget_below,
    few,
    most,
    open_,
    known,
    share,
    lane,
    luck,
):
    """Let contacts turn over, give up what is hardly used, and draw for routes that are sought.

    A line seeks if it loses too much or a market that it serves is shut. One that does not, and
    would keep a few, gives up the lanes that it hardly uses.

    Parameters
    ----------
    lines, first
        int64[R], int64[B + 1].
    streams
        uint64[3], keys of the streams that say which contacts turn over, what the new ones are
        like, and which routes are found.
    keys, week
        uint64[L] keys of the lanes, present week.
    turnover
        Probability that a contact turns over.
    loss_rate, tolerance
        float64[R] share of shipments lost, and what is borne.
    forget_below, few, most
        Share below which a lane is hardly used; lanes that are always kept, and kept at most.
    open_
        bool[L].
    known, share
        bool[L], float64[L], changed where lanes are given up.
    lane, luck
        int64[2 L], float64[2 L], written from the front: lanes with new contacts, then lanes that
        may be found, each in order, with their random numbers.

    Returns
    -------
    Number of lanes with new contacts, and of all that are written.
    """
    now, zero = np.uint64(week), np.uint64(0)
    own_keys = np.empty(lane.size, np.uint64)
    number = 0
    for line in lines:
        for at in range(first[line], first[line + 1]):
            lane[number], own_keys[number] = at, keys[at]
            number += 1
    draw_each(streams[0], own_keys, number, now, zero, luck)
    turned = 0
    for i in range(number):
        if luck[i] < turnover:
            lane[turned], own_keys[turned] = lane[i], own_keys[i]
            turned += 1
    draw_each(streams[1], own_keys, turned, now, zero, luck)
    number = turned
    for row in range(lines.size):
        start, end = first[lines[row]], first[lines[row] + 1]
        familiar, kept, shut = 0, 0, 0
        for at in range(start, end):
            familiar += known[at]
            kept += known[at] and share[at] >= forget_below
            shut += known[at] and not open_[at]
        if loss_rate[row] > tolerance or shut > 0:
            if familiar < most:
                for at in range(start, end):
                    if open_[at] and not known[at]:
                        lane[number], own_keys[number] = at, keys[at]
                        number += 1
        elif kept >= few:
            for at in range(start, end):
                if known[at] and share[at] < forget_below:
                    known[at] = False
                    share[at] = 0.0
    draw_each(streams[2], own_keys[turned:], number - turned, now, zero, luck[turned:])
    return turned, number


@compiled("void(i8[::1], i8[::1], i4[::1], i8, i8, f8[::1], f8[::1], b1[::1])")
def discover(lanes, first, lane_line, each, most, order, luck, known):
    """Of the lanes that lines may find, get to know the best.

    Parameters
    ----------
    lanes
        int64[F], those that may be found, line by line.
    first, lane_line
        int64[B + 1], int32[L].
    each, most
        Lanes that a line finds, and that it can keep up.
    order, luck
        float64[L] log-odds that a lane is found, and float64[F] what luck adds to it.
    known
        bool[L], changed.
    """
    start = 0
    while start < lanes.size:
        line, end = lane_line[lanes[start]], start
        while end < lanes.size and lane_line[lanes[end]] == line:
            end += 1
        familiar = 0
        for at in range(first[line], first[line + 1]):
            familiar += known[at]
        for _ in range(min(each, most - familiar)):
            best, highest = -1, -np.inf
            for i in range(start, end):
                score = luck[i] + order[lanes[i]]
                if score > highest and not known[lanes[i]]:
                    best, highest = i, score
            if best < 0:
                break
            known[lanes[best]] = True
        start = end


@compiled("void(i8[::1], i8[::1], b1[::1], b1[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8[::1])")
def attraction(lines, first, known, open_, money, scale, taste, liking, temperature, out):
    """Weight of each lane in a logit choice, 1 for the best of a line.

    A line chooses among the known lanes to open markets, or if there are none among all known.

    Parameters
    ----------
    lines, first
        int64[R], int64[B + 1].
    known, open_
        bool[L].
    money
        float64[A], USD per unit.
    scale, taste
        float64[L], USD per unit that count as one, and what is liked beside money.
    liking, temperature
        Weight of tastes, and noise of the choice.
    out
        float64[A], written; 0 for lanes that are no choice.
    """
    begin = 0
    for line in lines:
        start, end = first[line], first[line + 1]
        shut = True
        for at in range(start, end):
            shut = shut and not (known[at] and open_[at])
        best = -np.inf
        for at in range(start, end):
            worth = -np.inf
            if known[at] and (open_[at] or shut):
                worth = money[begin + at - start] / scale[at] + liking * taste[at]
                best = max(best, worth)
            out[begin + at - start] = worth
        for i in range(begin, begin + end - start):
            out[i] = exp_of((out[i] - best) / temperature) if out[i] > -np.inf else 0.0
        begin += end - start


@compiled("void(i8[::1], i8[::1], f8[::1], f8[::1], f8, f8[::1], f8, f8, f8[::1], f8[::1])")
def move_shares(lines, first, weight, money, step, usual, exponent, cap, share, volume):
    """Move the shares of lanes a step towards weights; a line moves more where that brings more.

    Parameters
    ----------
    lines, first
        int64[R], int64[B + 1].
    weight
        float64[A], of any sum by line; changed.
    money
        float64[A], USD per unit.
    step
        Part of the way that is gone.
    usual, exponent, cap
        float64[B], usual mean of `money` by share; how volume answers what it is now, and the
        most of it.
    share
        float64[L], changed; sums to 1 over the lanes of a line.
    volume
        float64[B], written for the lines in turn.
    """
    begin = 0
    for row in range(lines.size):
        start = first[lines[row]]
        end = begin + first[lines[row] + 1] - start
        together = summed(weight, begin, end)
        for i in range(begin, end):
            own = share[start + i - begin]
            weight[i] = own + step * (weight[i] / together - own)
        together = summed(weight, begin, end)
        for i in range(begin, end):
            share[start + i - begin] = weight[i] / together
            weight[i] = share[start + i - begin] * money[i]
        margin = max(summed(weight, begin, end), 0.0) / usual[lines[row]]
        volume[lines[row]] = min(cap, raised(margin, exponent))
        begin = end
