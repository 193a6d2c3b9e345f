"""Reviews of routes: all lanes of the lines of trade in turn, line by line.

The lanes of line b are ``first[b] .. first[b + 1] - 1``. Arrays by A have an entry for each lane
of the lines in turn, line after line; what has only [L] or [B] has one for each of the run.
"""

import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.draws import draw_each
from tocsin.simulation.kernels.functions import exp, exp_of, gumbel_of, log1p_of, raised
from tocsin.simulation.kernels.sums import summed


@compiled(
    "i8(i8[::1], i8[::1], i8[::1], i4[::1], i4[::1], i4[::1], f8[:, ::1], f8[::1], i4[::1], "
    "f8[::1], f8[::1], f8, f8[::1])"
)
def expected_money(
    lines,
    first,
    line_network,
    lane_start,
    lane_end,
    sector,
    risk,
    price,
    market,
    cost,
    bought,
    bribe_share,
    out,
):
    """USD per unit that a lane should bring: what is earned and kept from bribes, if it arrives.

    The logarithm of the probability to arrive is the difference of what is summed up along all
    places of a line.

    Parameters
    ----------
    lines, first, line_network
        int64[R], int64[B + 1], int64[B].
    lane_start, lane_end
        int32[L], first and last place (exclusive); a line's lanes lie behind one another.
    sector
        int32[places].
    risk
        float64[N, S], probability of loss that each network sees on each sector.
    price
        float64[M], at the markets.
    market, cost, bought
        int32[L], float64[L] in USD per unit, float64[L] share of the effort that can be bought.
    bribe_share
        Share of the margin that officers get who can be bought.
    out
        float64[L], written from the front: [A].

    Returns
    -------
    A, the number of lanes.
    """
    number, log_safe = 0, np.empty(risk.shape[1])
    for line in lines:
        seen, along = risk[line_network[line]], 0.0
        for s in range(log_safe.size):
            log_safe[s] = log1p_of(-seen[s])
        for lane in range(first[line], first[line + 1]):
            before = along
            for place in range(lane_start[lane], lane_end[lane]):
                along += log_safe[sector[place]]
            out[number] = along - before
            number += 1
    exp(out[:number], out)
    number = 0
    for line in lines:
        for lane in range(first[line], first[line + 1]):
            earned = price[market[lane]]
            bribes = bribe_share * bought[lane] * max(earned - cost[lane], 0.0)
            out[number] = (earned - bribes) * out[number] - cost[lane]
            number += 1
    return number


@compiled(
    "void(i8[::1], i8[::1], i8[::1], u8[::1], u8[::1], i8, f8, i8, f8[::1], f8, f8, i8, i8, i8, "
    "b1[::1], f8[::1], b1[::1], f8[::1], f8[::1])"
)
def contacts(
    lines,
    first,
    line_network,
    streams,
    keys,
    week,
    life,
    weeks,
    loss_rate,
    tolerance,
    forget_below,
    few,
    most,
    found,
    open_,
    order,
    known,
    share,
    taste,
):
    """Let contacts turn over, give up what is hardly used, and find routes where they are sought.

    A line seeks if it loses too much or a market that it serves is shut. One that does not, and
    would keep a few, gives up the lanes that it hardly uses.

    Parameters
    ----------
    lines, first, line_network
        int64[R], int64[B + 1], int64[B].
    streams
        uint64[3], keys of the streams that say which contacts turn over, what the new ones are
        like, and which routes are found.
    keys, week
        uint64[L] keys of the lanes, present week.
    life, weeks
        Weeks that a contact lasts on average, and weeks since the last review.
    loss_rate, tolerance
        float64[N] share of shipments that a network has lost, and what is borne.
    forget_below, few, most
        Share below which a lane is hardly used; lanes that are always kept, and kept at most.
    found
        Lanes that a line which seeks finds at a time.
    open_, order
        bool[L], float64[L] log-odds that a lane is found.
    known, share, taste
        bool[L], float64[L] changed where lanes are given up or found, float64[L] changed where
        contacts turn over.
    """
    now, zero = np.uint64(week), np.uint64(0)
    lane, luck = np.empty(keys.size, np.int64), np.empty(keys.size)
    own_keys = np.empty(keys.size, np.uint64)
    number = 0
    for line in lines:
        for at in range(first[line], first[line + 1]):
            lane[number], own_keys[number] = at, keys[at]
            number += 1
    draw_each(streams[0], own_keys, number, now, zero, luck)
    turned, turnover = 0, 1 - raised(1 - 1 / life, weeks)
    for i in range(number):
        if luck[i] < turnover:
            lane[turned], own_keys[turned] = lane[i], own_keys[i]
            turned += 1
    draw_each(streams[1], own_keys, turned, now, zero, luck)
    for i in range(turned):
        taste[lane[i]] = gumbel_of(luck[i])
    number = 0
    for line in lines:
        start, end = first[line], first[line + 1]
        familiar, kept, shut = 0, 0, 0
        for at in range(start, end):
            familiar += known[at]
            kept += known[at] and share[at] >= forget_below
            shut += known[at] and not open_[at]
        if loss_rate[line_network[line]] > tolerance or shut > 0:
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
    draw_each(streams[2], own_keys, number, now, zero, luck)
    for i in range(number):
        luck[i] = gumbel_of(luck[i]) + order[lane[i]]
    begin = 0
    for line in lines:
        end = begin
        while end < number and lane[end] < first[line + 1]:
            end += 1
        familiar = 0
        for at in range(first[line], first[line + 1]):
            familiar += known[at]
        for _ in range(min(found, most - familiar)):
            best = -1
            for i in range(begin, end):
                if not known[lane[i]] and (best < 0 or luck[i] > luck[best]):
                    best = i
            if best < 0:
                break
            known[lane[best]] = True
        begin = end


@compiled(
    "void(i8[::1], i8[::1], i4[::1], b1[::1], b1[::1], f8[::1], f8[::1], f8[::1], f8, f8, f8, "
    "f8[::1])"
)
def attraction(
    lines, first, market, known, open_, money, scale, taste, liking, temperature, between, out
):
    """Weight of each lane in a nested logit choice: of the market first, then of the way there.

    A line chooses among the known lanes to open markets, or if there are none among all known. A
    market is worth what its lanes are worth together (their inclusive value, McFadden 1978). With
    the same noise between markets as between lanes it is a plain logit choice of a lane.

    Parameters
    ----------
    lines, first
        int64[R], int64[B + 1].
    market
        int32[L]; the lanes of a line to one market lie behind one another.
    known, open_
        bool[L].
    money
        float64[A], USD per unit.
    scale, taste
        float64[L], USD per unit that count as one, and what is liked beside money.
    liking, temperature, between
        Weight of tastes, noise of the choice of a lane, and noise of the choice of a market.
    out
        float64[A], written; 0 for lanes that are no choice.
    """
    best = np.empty(out.size)  # of the market of each lane
    begin = 0
    for line in lines:
        start, end = first[line], first[line + 1]
        shut = True
        for at in range(start, end):
            shut = shut and not (known[at] and open_[at])
        nest = start
        while nest < end:
            after, most = nest, -np.inf
            while after < end and market[after] == market[nest]:
                worth = -np.inf
                if known[after] and (open_[after] or shut):
                    worth = money[begin + after - start] / scale[after] + liking * taste[after]
                    most = max(most, worth)
                out[begin + after - start] = worth
                after += 1
            for i in range(begin + nest - start, begin + after - start):
                best[i] = most
                out[i] = (out[i] - most) / temperature if out[i] > -np.inf else -np.inf
            nest = after
        begin += end - start
    exp(out, out)
    power, begin = temperature / between, 0
    for line in lines:
        start, end = first[line], first[line + 1]
        most = -np.inf
        for i in range(begin, begin + end - start):
            most = max(most, best[i])
        nest = start
        while nest < end:
            after = nest
            while after < end and market[after] == market[nest]:
                after += 1
            low, high = begin + nest - start, begin + after - start
            if best[low] > -np.inf:
                together = summed(out, low, high)
                factor = exp_of((best[low] - most) / between) * raised(together, power) / together
                for i in range(low, high):
                    out[i] *= factor
            nest = after
        begin += end - start


@compiled("void(i8[::1], i8[::1], f8[::1], f8[::1], f8, i8, f8[::1], f8, f8, f8[::1], f8[::1])")
def move_shares(lines, first, weight, money, inertia, weeks, usual, exponent, cap, share, volume):
    """Move the shares of lanes a step towards weights; a line moves more where that brings more.

    Parameters
    ----------
    lines, first
        int64[R], int64[B + 1].
    weight
        float64[A], of any sum by line; changed.
    money
        float64[A], USD per unit.
    inertia, weeks
        Part of the way that is gone in a week, and weeks since the last review.
    usual, exponent, cap
        float64[B], usual mean of `money` by share; how volume answers what it is now, and the
        most of it.
    share
        float64[L], changed; sums to 1 over the lanes of a line.
    volume
        float64[B], written for the lines in turn.
    """
    begin, step = 0, 1 - raised(1 - inertia, weeks)
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
