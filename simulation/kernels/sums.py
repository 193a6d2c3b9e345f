"""Sums of floats in the order in which NumPy adds, so that both give the same bits."""

import numba

EIGHT, BLOCK = 8, 128  # numpy/_core/src/umath/loops_utils.h.src, pairwise sum


@numba.njit(error_model="numpy")
def summed(values, first, end):
    """Sum of ``values[first:end]``, as ``numpy.add.reduce`` gives it for a contiguous array."""
    number = end - first
    if number < EIGHT:
        total = 0.0
        for i in range(first, end):
            total += values[i]
        return total
    if number > BLOCK:
        half = number // 2
        half -= half % EIGHT
        return summed(values, first, first + half) + summed(values, first + half, end)
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
