"""Members of networks: who works with whom, arrests and new ones."""

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.draws import draw_each, drawn
from tocsin.simulation.kernels.generator import below, fraction, generator, permutation


@compiled("f8(f8[:, ::1], i8[::1])")
def _labour(worth, filled):
    product = worth[filled[0], 0]
    for role in range(1, filled.size):
        product *= worth[filled[role], role]
    return product


@compiled(
    "void(u8, u4, f8, u8[:, ::1], i8[::1], i1[:, ::1], b1[:, ::1], i8[::1], f8[:, :, ::1], "
    "i8[:, ::1], f8[::1])"
)
def refill(key, week, chance, keys, size, role, present, kind, worth, filled, labour):
    """Fill each empty place of N networks by chance; what changed works with new strength.

    Parameters
    ----------
    key, week, chance
        Key of the stream (uint64), present week, probability for each place.
    keys, size, role
        uint64[N, M], int64[N], int8[N, M]: the first `size` of a network's M places are in use.
    present
        bool[N, M], changed in place.
    kind, worth
        int64[N], float64[kinds, most + 1, roles]: what a role is worth with so many members.
    filled, labour
        int64[N, roles], float64[N], changed in place.
    """
    empty = np.empty(present.shape[1], dtype=np.int64)
    own = np.empty(present.shape[1], dtype=np.uint64)
    luck = np.empty(present.shape[1])
    for network in range(size.size):
        places, count = size[network], 0
        if filled[network].sum() == places:
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


@compiled(
    "Tuple((i8, f8))(u8, u8, u4, f8, i8, u8[::1], i1[::1], b1[::1], f8[::1], f8[:, ::1], "
    "i8[::1], i8[::1])"
)
def arrest(luck, rest, week, share, wanted, keys, role, present, score, worth, filled, caught):
    """Arrest a share of the M members of one network, the highest scores first, then by luck.

    Parameters
    ----------
    luck, rest, week
        Keys of two streams (uint64): who is arrested, and whether the share is rounded up.
    share, wanted
        Share of the members at large with the role `wanted`, or of all at large if it is -1.
    keys, role, score
        uint64[M], int8[M], float64[M].
    present, filled
        bool[M], int64[roles], changed in place.
    worth
        float64[most + 1, roles], what a role is worth with so many members.
    caught
        int64[M], written from the front.

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
    number = min(
        count,
        np.int64(np.floor(share * count + drawn(rest, keys[0], week, 0))),
    )
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
    return number, _labour(worth, filled)


@numba.njit
def _tie(one, other, pairs, count, degree):
    """Note one pair more; returns how many there are."""
    pairs[count, 0], pairs[count, 1] = one, other
    degree[one] += 1
    degree[other] += 1
    return count + 1


@compiled("i8(u8, i8[::1], i8, f8, f8, i8[:, ::1], i8[::1])")
def ties(key, standing, cells, inside, second, pairs, place):
    """Draw who works with whom among M people in cells of about equal size.

    Everybody in a cell works with somebody of those before, and by chance with the others. The
    best connected of each cell works with that of a cell before; a second one may work with one.

    Parameters
    ----------
    key
        uint64, makes the graph.
    standing
        int64[M], member numbers, those who join others first.
    cells
        Number of cells.
    inside, second
        Probability that two of a cell work together, and that a cell has a second tie.
    pairs
        int64[most, 2], written from the front: persons who work together, each pair once, the
        later of the two first.
    place
        int64[M], written: the member number of each person; the best connected come first.

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
