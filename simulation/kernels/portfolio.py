"""Reviews of routes: all lanes of the lines of trade in turn, line by line.

R lines of B are in `turn`. The lanes of line b are ``first[b] .. first[b + 1] - 1``. Arrays by A
have an entry for each lane of the lines in turn, line after line; what has only [L] or [B] has one
for each of the run.
"""

from typing import Annotated

import numpy as np
from tocsin.simulation.kernels.accounts import bribe
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I4, I8, U8
from tocsin.simulation.kernels.draws import draw_each
from tocsin.simulation.kernels.functions import exp, exp_of, gumbel_of, log1p_of, raised
from tocsin.simulation.kernels.sums import summed


@compiled(reason="the chance to arrive is turned into money where it stands")
def expected_money(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    line_network: Annotated[I8, "B"],
    lane_start: Annotated[I4, "L"],
    lane_end: Annotated[I4, "L"],
    sector: Annotated[I4, "P"],
    risk: Annotated[F8, "N, S"],
    price: Annotated[F8, "M"],
    market: Annotated[I4, "L"],
    cost: Annotated[F8, "L"],
    bought: Annotated[F8, "L"],
    bribe_share: float,
    out: Annotated[F8, "L"],
) -> int:
    """USD per unit that a lane should bring: what is earned and kept from bribes, if it arrives.

    The logarithm of the probability to arrive is the difference of what is summed up along all
    places of a line.

    Parameters
    ----------
    lane_start, lane_end
        First and last place (exclusive); a line's lanes lie behind one another.
    risk
        Probability of loss that each network sees on each sector.
    price, market
        USD per unit at each market, and the market of each lane.
    cost, bought
        USD per unit; share of the effort that can be bought.
    bribe_share
        Share of the margin that officers get who can be bought.
    out
        Written from the front: [A].

    Returns
    -------
    A, the number of lanes.
    """
    number, log_safe = 0, np.empty(risk.shape[1])
    for line in turn:
        seen, along = risk[line_network[line]], 0.0
        for s in range(log_safe.size):
            log_safe[s] = log1p_of(-seen[s])
        for lane in range(first[line], first[line + 1]):
            before = along
            for place in range(lane_start[lane], lane_end[lane]):
                along += log_safe[sector[place]]
            out[number] = along - before
            number += 1
    exp(out[:number], out[:number])
    number = 0
    for line in turn:
        for lane in range(first[line], first[line + 1]):
            earned = price[market[lane]]
            bribes = bribe(bribe_share, bought[lane], earned - cost[lane])
            out[number] = (earned - bribes) * out[number] - cost[lane]
            number += 1
    return number


@compiled
def renew_tastes(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    streams: Annotated[U8, "2"],
    keys: Annotated[U8, "L"],
    week: int,
    turnover: float,
    taste: Annotated[F8, "L"],
) -> None:
    """Let contacts turn over: with some probability those on a lane are others from now on.

    Parameters
    ----------
    streams
        Keys of the streams that say which contacts turn over, and what the new ones are like.
    keys, week
        Keys of the lanes, present week.
    turnover
        Probability that a contact has changed since the last review.
    taste
        Changed where contacts turn over.
    """
    now, zero = np.uint64(week), np.uint64(0)
    lane, luck = np.empty(keys.size, np.int64), np.empty(keys.size)
    own_keys = np.empty(keys.size, np.uint64)
    number = 0
    for line in turn:
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
    for i in range(turned):
        taste[lane[i]] = gumbel_of(luck[i])


@compiled
def give_up(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    line_network: Annotated[I8, "B"],
    pressed: Annotated[B1, "N"],
    forget_below: float,
    few: int,
    open_: Annotated[B1, "L"],
    known: Annotated[B1, "L"],
    share: Annotated[F8, "L"],
    seeks: Annotated[B1, "R"],
) -> int:
    """Say which lines seek routes, and let the others give up the lanes that they hardly use.

    A line seeks if its network is pressed, or if a market that it serves is shut. One that does
    not gives up lanes if it would keep a few.

    Parameters
    ----------
    pressed
        Networks that lose more than they bear.
    forget_below, few
        Share below which a lane is hardly used; lanes that are always kept.
    open_, known, share
        Lanes whose market is open; the others are changed where lanes are given up.
    seeks
        Written.

    Returns
    -------
    Number of lines that seek.
    """
    number = 0
    for row in range(turn.size):
        start, end = first[turn[row]], first[turn[row] + 1]
        kept, shut = 0, 0
        for at in range(start, end):
            kept += known[at] and share[at] >= forget_below
            shut += known[at] and not open_[at]
        seeks[row] = pressed[line_network[turn[row]]] or shut > 0
        number += seeks[row]
        if kept >= few and not seeks[row]:
            for at in range(start, end):
                if known[at] and share[at] < forget_below:
                    known[at] = False
                    share[at] = 0.0
    return int(number)


@compiled(reason="it draws for lanes that can be found, and needs no array of all lanes")
def discover(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    seeks: Annotated[B1, "R"],
    stream: np.uint64,
    keys: Annotated[U8, "L"],
    week: int,
    open_: Annotated[B1, "L"],
    order: Annotated[F8, "L"],
    found: int,
    most: int,
    known: Annotated[B1, "L"],
) -> None:
    """Let lines that seek find lanes by luck, until they know as many as they can keep.

    Parameters
    ----------
    stream, keys, week
        Key of the stream that says which routes are found, keys of the lanes, present week.
    open_, order
        Lanes whose market is open, log-odds that a lane is found.
    found, most
        Lanes that a line finds at a time, and keeps at most.
    known
        Changed where lanes are found.
    """
    lane, luck = np.empty(keys.size, np.int64), np.empty(keys.size)
    own_keys = np.empty(keys.size, np.uint64)
    number = 0
    for row in range(turn.size):
        start, end = first[turn[row]], first[turn[row] + 1]
        if seeks[row] and known[start:end].sum() < most:
            for at in range(start, end):
                if open_[at] and not known[at]:
                    lane[number], own_keys[number] = at, keys[at]
                    number += 1
    draw_each(stream, own_keys, number, np.uint64(week), np.uint64(0), luck)
    for i in range(number):
        luck[i] = gumbel_of(luck[i]) + order[lane[i]]
    begin = 0
    for line in turn:
        end = begin
        while end < number and lane[end] < first[line + 1]:
            end += 1
        room = most - known[first[line] : first[line + 1]].sum()
        for _ in range(min(found, room)):
            best = -1
            for i in range(begin, end):
                if not known[lane[i]] and (best < 0 or luck[i] > luck[best]):
                    best = i
            if best < 0:
                break
            known[lane[best]] = True
        begin = end


@compiled
def worths(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    known: Annotated[B1, "L"],
    open_: Annotated[B1, "L"],
    money: Annotated[F8, "A"],
    scale: Annotated[F8, "L"],
    taste: Annotated[F8, "L"],
    liking: float,
    out: Annotated[F8, "A"],
) -> None:
    """What each lane is worth to its line, minus infinity for lanes that are no choice.

    A line chooses among the known lanes to open markets, or if there are none among all known.

    Parameters
    ----------
    money, scale
        USD per unit, and USD per unit that count as one.
    taste, liking
        What is liked beside money, and its weight.
    out
        Written.
    """
    begin = 0
    for line in turn:
        start, end = first[line], first[line + 1]
        shut = True
        for at in range(start, end):
            shut = shut and not (known[at] and open_[at])
        for at in range(start, end):
            own = begin + at - start
            chosen = known[at] and (open_[at] or shut)
            out[own] = money[own] / scale[at] + liking * taste[at] if chosen else -np.inf
        begin += end - start


@compiled
def attraction(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    market: Annotated[I4, "L"],
    worth: Annotated[F8, "A"],
    temperature: float,
    between: float,
    out: Annotated[F8, "A"],
) -> None:
    """Weight of each lane in a nested logit choice: of the market first, then of the way there.

    A market is worth what its lanes are worth together (their inclusive value, McFadden 1978).
    With the same noise between markets as between lanes it is a plain logit choice of a lane.

    Parameters
    ----------
    market
        The lanes of a line to one market lie behind one another.
    worth
        What each lane is worth, minus infinity for lanes that are no choice.
    temperature, between
        Noise of the choice of a lane, and noise of the choice of a market.
    out
        Written; 0 for lanes that are no choice.
    """
    best = np.empty(out.size)  # of the market of each lane
    begin = 0
    for line in turn:
        start, end = first[line], first[line + 1]
        nest = start
        while nest < end:
            after, most = nest, -np.inf
            while after < end and market[after] == market[nest]:
                most = max(most, worth[begin + after - start])
                after += 1
            for i in range(begin + nest - start, begin + after - start):
                best[i] = most
                out[i] = (worth[i] - most) / temperature if worth[i] > -np.inf else -np.inf
            nest = after
        begin += end - start
    exp(out, out)
    power, begin = temperature / between, 0
    for line in turn:
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


@compiled
def move_shares(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    weight: Annotated[F8, "A"],
    money: Annotated[F8, "A"],
    step: float,
    usual: Annotated[F8, "B"],
    exponent: float,
    cap: float,
    share: Annotated[F8, "L"],
    volume: Annotated[F8, "B"],
) -> None:
    """Move the shares of lanes a step towards weights; a line moves more where that brings more.

    Parameters
    ----------
    weight
        Of any sum by line; changed.
    money
        USD per unit.
    step
        Part of the way that is gone.
    usual, exponent, cap
        Usual mean of `money` by share; how volume answers what it is now, and the most of it.
    share
        Changed; sums to 1 over the lanes of a line.
    volume
        Written for the lines in turn.
    """
    begin = 0
    for line in turn:
        start = first[line]
        end = begin + first[line + 1] - start
        together = summed(weight, begin, end)
        for i in range(begin, end):
            own = share[start + i - begin]
            weight[i] = own + step * (weight[i] / together - own)
        together = summed(weight, begin, end)
        for i in range(begin, end):
            share[start + i - begin] = weight[i] / together
            weight[i] = share[start + i - begin] * money[i]
        margin = max(summed(weight, begin, end), 0.0) / usual[line]
        volume[line] = min(cap, raised(float(margin), exponent))
        begin = end


@compiled(reason="the steps of a review, each a function of its own; six calls cost twice as much")
def review(
    turn: Annotated[I8, "R"],
    first: Annotated[I8, "B + 1"],
    line_network: Annotated[I8, "B"],
    market: Annotated[I4, "L"],
    streams: Annotated[U8, "3"],
    keys: Annotated[U8, "L"],
    week: int,
    since: int,
    taste_life: float,
    loss_rate: Annotated[F8, "N"],
    tolerance: float,
    forget_below: float,
    few: int,
    found: int,
    most: int,
    open_: Annotated[B1, "L"],
    order: Annotated[F8, "L"],
    money: Annotated[F8, "A"],
    scale: Annotated[F8, "L"],
    liking: float,
    temperature: float,
    between: float,
    inertia: float,
    usual: Annotated[F8, "B"],
    exponent: float,
    cap: float,
    known: Annotated[B1, "L"],
    share: Annotated[F8, "L"],
    taste: Annotated[F8, "L"],
    volume: Annotated[F8, "B"],
) -> None:
    """Let contacts turn over, seek or give up lanes, move towards better shares, set the volume.

    Parameters
    ----------
    market
        Of each lane.
    streams
        Keys of the streams that say which contacts turn over, what the new ones are like, and
        which lanes are found.
    keys, week, since
        Keys of the lanes; present week; weeks since the last review.
    taste_life
        Weeks that a contact lasts on average.
    loss_rate, tolerance
        Share of shipments that each network has lost, and what is borne.
    forget_below, few, found, most
        As `give_up` and `discover` take them.
    open_, order
        Lanes whose market is open, log-odds that a lane is found.
    money, scale, liking, temperature, between
        As `worths` and `attraction` take them.
    inertia
        Share of the way to better shares that is left after a week.
    usual, exponent, cap
        As `move_shares` takes them.
    known, share, taste, volume
        Changed.
    """
    turnover, step = 1 - raised(1 - 1 / taste_life, since), 1 - raised(1 - inertia, since)
    renew_tastes(turn, first, streams[:2], keys, week, turnover, taste)
    seeks = np.empty(turn.size, np.bool_)
    pressed = loss_rate > tolerance
    if give_up(turn, first, line_network, pressed, forget_below, few, open_, known, share, seeks):
        discover(turn, first, seeks, streams[2], keys, week, open_, order, found, most, known)
    worth, weight = np.empty(money.size), np.empty(money.size)
    worths(turn, first, known, open_, money, scale, taste, liking, worth)
    attraction(turn, first, market, worth, temperature, between, weight)
    move_shares(turn, first, weight, money, step, usual, exponent, cap, share, volume)
