"""Sums of floats: in the order in which NumPy adds, and exact; so that all give the same bits."""

import numba
import numpy as np

EIGHT, BLOCK = 8, 128  # numpy/_core/src/umath/loops_utils.h.src, pairwise sum
LEVELS = 64  # of halves inside halves, more than any array has
PARTS = 64  # more than what a sum can consist of: floats have 53 of 2100 possible bits


@numba.njit(error_model="numpy")
def _block(values, first, number):
    """Sum of at most `BLOCK` values."""
    end = first + number
    if number < EIGHT:
        total = 0.0
        for i in range(first, end):
            total += values[i]
        return total
    a, b, c, d = values[first], values[first + 1], values[first + 2], values[first + 3]
    e, f, g, h = values[first + 4], values[first + 5], values[first + 6], values[first + 7]
    whole = first + number - number % EIGHT
    for i in range(first + EIGHT, whole, EIGHT):
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
        e += values[i + 4]
        f += values[i + 5]
        g += values[i + 6]
        h += values[i + 7]
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(whole, end):
        total += values[i]
    return total


@numba.njit(error_model="numpy")
def summed(values, first, end):
    """Sum of ``values[first:end]``, as ``numpy.add.reduce`` gives it for a contiguous array."""
    number = end - first
    if number <= BLOCK:
        return _block(values, first, number)
    # halves of halves without recursion, which numba's cache of compiled code cannot hold
    starts, numbers = np.empty(LEVELS, dtype=np.int64), np.empty(LEVELS, dtype=np.int64)
    totals, in_right = np.empty(LEVELS), np.empty(LEVELS, dtype=np.bool_)
    level, start = 0, first
    while True:
        while number > BLOCK:
            half = number // 2
            half -= half % EIGHT
            starts[level], numbers[level] = start + half, number - half
            in_right[level] = False
            level += 1
            number = half
        total = _block(values, start, number)
        while level > 0 and in_right[level - 1]:
            level -= 1
            total += totals[level]
        if level == 0:
            return total
        totals[level - 1], in_right[level - 1] = total, True
        start, number = starts[level - 1], numbers[level - 1]


@numba.njit
def exact(values, number):
    """Exact sum of the first values, rounded once, as ``math.fsum`` gives it."""
    parts = np.empty(PARTS)  # they do not overlap; the smallest comes first
    count = 0
    for i in range(number):
        new, left = values[i], 0
        for n in range(count):
            part = parts[n]
            if abs(new) < abs(part):
                new, part = part, new
            total = new + part
            rest = part - (total - new)
            if rest != 0:
                parts[left] = rest
                left += 1
            new = total
        parts[left] = new
        count = left + 1
    total, rest = 0.0, 0.0
    while count > 0 and rest == 0:
        count -= 1
        sure = total
        total = sure + parts[count]
        rest = parts[count] - (total - sure)
    if count > 0 and (rest > 0) == (parts[count - 1] > 0):  # half way, and what follows decides
        double = 2 * rest
        if (total + double) - total == double:
            total += double
    return total
