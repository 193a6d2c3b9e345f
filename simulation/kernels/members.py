"""Members of networks: who works with whom, arrests and new ones."""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import B1, F8, I1, I8, U8
from tocsin.simulation.kernels.draws import draw_each, drawn
from tocsin.simulation.kernels.generator import below, fraction, generator, permutation


@compiled
def _labour(
    worth: Annotated[F8, "most, roles"],
    filled: Annotated[I8, "roles"],
) -> float:
    product = worth[filled[0], 0]
    for role in range(1, filled.size):
        product *= worth[filled[role], role]
    return product


@compiled(reason="the columns of one table; as a named tuple they cost 2 microseconds a call")
def refill(
    key: np.uint64,
    week: int,
    chance: float,
    keys: Annotated[U8, "N, M"],
    size: Annotated[I8, "N"],
    role: Annotated[I1, "N, M"],
    present: Annotated[B1, "N, M"],
    kind: Annotated[I8, "N"],
    worth: Annotated[F8, "kinds, most, roles"],
    filled: Annotated[I8, "N, roles"],
    labour: Annotated[F8, "N"],
) -> None:
    """Fill each empty place by chance; what changed works with new strength.

    Parameters
    ----------
    key, week, chance
        Key of the stream, present week, probability for each place.
    keys, size, role
        The first `size` of a network's M places are in use.
    present
        Changed in place.
    kind, worth
        What a role is worth with so many members, by kind of network.
    filled, labour
        Changed in place: members at large by role, what they can do.
    """
    empty = np.empty(present.shape[1], dtype=np.int64)
    own = np.empty(present.shape[1], dtype=np.uint64)
    luck = np.empty(present.shape[1])
    for network in range(size.size):
        places, count, at_large = size[network], 0, 0
        for one in range(filled.shape[1]):
            at_large += filled[network, one]
        if at_large == places:
            continue
        for member in range(places):
            empty[count], own[count] = member, keys[network, member]
            count += not present[network, member]  # if there, the next one takes its place
        draw_each(key, own, count, np.uint64(week), np.uint64(0), luck)
        changed = False
        for i in range(count):
            if luck[i] < chance:
                present[network, empty[i]] = True
                filled[network, role[network, empty[i]]] += 1
                changed = True
        if changed:
            labour[network] = _labour(worth[kind[network]], filled[network])


@compiled(reason="the rows of one network, of which the caller has seven")
def arrest(
    luck: np.uint64,
    rest: np.uint64,
    week: int,
    share: float,
    wanted: int,
    keys: Annotated[U8, "M"],
    role: Annotated[I1, "M"],
    present: Annotated[B1, "M"],
    score: Annotated[F8, "scored"],
    worth: Annotated[F8, "most, roles"],
    filled: Annotated[I8, "roles"],
    caught: Annotated[I8, "M"],
) -> tuple[int, float]:
    """Arrest a share of the M members of one network, the highest scores first, then by luck.

    Parameters
    ----------
    luck, rest, week
        Keys of two streams: who is arrested, and whether the share is rounded up; present week.
    share, wanted
        Share of the members at large with the role `wanted`, or of all at large if it is -1.
    score
        Of each place that is in use, or of all.
    present, filled
        Changed in place: who is at large, and their number by role.
    worth
        What a role is worth with so many members.
    caught
        Written from the front.

    Returns
    -------
    How many were arrested; what the network can still do.
    """
    order = np.empty(present.size)
    own = np.empty(present.size, dtype=np.uint64)
    who = np.empty(present.size, dtype=np.int64)
    count = 0
    for member in range(present.size):
        if present[member] and (wanted < 0 or role[member] == wanted):
            who[count], own[count] = member, keys[member]
            count += 1
    draw_each(luck, own, count, np.uint64(week), np.uint64(0), order)
    for n in range(count):
        order[n] -= 2 * score[who[n]] * count
    up = drawn(rest, keys[0], np.uint64(week), np.uint64(0))
    number = min(count, np.int64(np.floor(share * count + up)))
    for n in range(number):
        first = 0
        for other in range(1, count):
            if order[other] < order[first]:
                first = other
        member = who[first]
        order[first] = np.inf
        caught[n] = member
        present[member] = False
        filled[role[member]] -= 1
    return int(number), _labour(worth, filled)


@numba.njit
def _tie(one, other, pairs, count, degree):
    """Note one pair more; returns how many there are."""
    pairs[count, 0], pairs[count, 1] = one, other
    degree[one] += 1
    degree[other] += 1
    return count + 1


@compiled
def ties(
    key: np.uint64,
    standing: Annotated[I8, "M"],
    cells: int,
    inside: float,
    second: float,
    pairs: Annotated[I8, "most, 2"],
    place: Annotated[I8, "M"],
) -> int:
    """Draw who works with whom among M people in cells of about equal size.

    Everybody in a cell works with somebody of those before, and by chance with the others. The
    best connected of each cell works with that of a cell before; a second one may work with one.

    Parameters
    ----------
    key
        Makes the graph.
    standing
        Member numbers, those who join others first.
    cells
        Number of cells.
    inside, second
        Probability that two of a cell work together, and that a cell has a second tie.
    pairs
        Written from the front: persons who work together, each pair once, the
        later of the two first.
    place
        Written: the member number of each person; the best connected come first.

    Returns
    -------
    Number of pairs.
    """
    random = generator(key)
    members = standing.size
    order = permutation(random, members)
    degree = np.zeros(members, dtype=np.int64)
    hubs = np.empty(cells, dtype=np.int64)
    starts = np.zeros(cells + 1, dtype=np.int64)
    count = 0
    for cell in range(cells):
        starts[cell + 1] = starts[cell] + members // cells + (cell < members % cells)
        people = order[starts[cell] : starts[cell + 1]]
        for i in range(1, people.size):
            colleague = below(random, i)
            count = _tie(people[i], people[colleague], pairs, count, degree)
            for other in range(i):
                if fraction(random) < inside and other != colleague:
                    count = _tie(people[i], people[other], pairs, count, degree)
        hubs[cell] = people[0]
        for one in people[1:]:
            more = degree[one] - degree[hubs[cell]]
            if more > 0 or (more == 0 and one < hubs[cell]):
                hubs[cell] = one
    for cell in range(1, cells):
        near = hubs[below(random, cell)]
        count = _tie(hubs[cell], near, pairs, count, degree)
        if fraction(random) < second:
            one = order[starts[cell] + below(random, starts[cell + 1] - starts[cell])]
            other = hubs[below(random, cell)]
            if one != hubs[cell] or other != near:
                count = _tie(one, other, pairs, count, degree)
    rank = 0
    for many in range(degree.max(), -1, -1):
        for one in range(members):
            if degree[one] == many:
                place[one] = standing[rank]
                rank += 1
    return count
