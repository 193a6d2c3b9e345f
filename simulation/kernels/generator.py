"""Random numbers in a row, as ``numpy.random.Generator(numpy.random.Philox(key=key))`` gives them.

They are for what is drawn once and as a whole. NumPy may change these streams from one version to
the next; here they stay. Words come from Philox4x64-10 (Salmon et al.,
SC'11), whole numbers below a bound from Lemire (2019), "Fast random integer generation in an
interval".
"""

import numba
import numpy as np
from tocsin.simulation.kernels.draws import HALF, LOW

KEY, COUNTER, USED, HALVED, REST = range(5)  # places in the state of a generator
WORDS = 5  # the four words of the present counter follow


@numba.njit
def generator(key):
    """State of a new generator; `key` is uint64."""
    state = np.zeros(WORDS + 4, dtype=np.uint64)
    state[KEY], state[USED] = key, 4
    return state


@numba.njit
def _product(a, b):
    """High and low word of a product."""
    one, other = (a & LOW) * (b >> HALF), (a >> HALF) * (b & LOW)
    carry = ((a & LOW) * (b & LOW) >> HALF) + (one & LOW) + (other & LOW)
    return (a >> HALF) * (b >> HALF) + (one >> HALF) + (other >> HALF) + (carry >> HALF), a * b


@numba.njit
def _word(state):
    """The next 64 bits."""
    if state[USED] == 4:
        state[COUNTER] += np.uint64(1)
        c0, c1, c2, c3 = state[COUNTER], np.uint64(0), np.uint64(0), np.uint64(0)
        k0, k1 = state[KEY], np.uint64(0)
        for _ in range(10):
            high0, low0 = _product(np.uint64(0xD2E7470EE14C6C93), c0)
            high1, low1 = _product(np.uint64(0xCA5A826395121157), c2)
            c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
            k0 += np.uint64(0x9E3779B97F4A7C15)
            k1 += np.uint64(0xBB67AE8584CAA73B)
        state[WORDS], state[WORDS + 1], state[WORDS + 2], state[WORDS + 3] = c0, c1, c2, c3
        state[USED] = 0
    word = state[WORDS + np.int64(state[USED])]
    state[USED] += np.uint64(1)
    return word


@numba.njit
def _half(state):
    """The next 32 bits: a word gives two of them, the low one first."""
    if state[HALVED]:
        state[HALVED] = 0
        return state[REST]
    word = _word(state)
    state[HALVED], state[REST] = 1, word >> HALF
    return word & LOW


@numba.njit
def fraction(state):
    """The next number from 0 up to 1."""
    return np.float64(_word(state) >> np.uint64(11)) * 2.0**-53


@numba.njit(error_model="numpy")
def below(state, bound):
    """The next whole number from 0 up to a bound of at least 1; below 1 there is no choice."""
    if bound == 1:
        return 0
    number = np.uint64(bound)
    product = _half(state) * number
    while product & LOW < (np.uint64(1) << HALF) % number:  # so all are equally likely
        product = _half(state) * number
    return np.int64(product >> HALF)


@numba.njit
def permutation(state, size):
    """Numbers from 0 up to a size, shuffled; here what is too large is drawn again."""
    order = np.arange(size)
    mask = np.uint64(1)
    while mask < size:
        mask <<= np.uint64(1)
    mask -= np.uint64(1)
    for last in range(size - 1, 0, -1):
        while mask >> np.uint64(1) >= last:
            mask >>= np.uint64(1)
        other = np.int64(_half(state) & mask)
        while other > last:
            other = np.int64(_half(state) & mask)
        order[last], order[other] = order[other], order[last]
    return order
