"""Exponential, logarithm, power and normal quantile, from IEEE arithmetic alone.

What libraries offer under these names differs in the last bit from one processor and system to the
next, and a run would with it. These are made of additions, multiplications, divisions and square
roots, which every machine rounds alike, so a run gives the same bits everywhere. They are within
four units in the last place; the tests hold them to that.
"""

from typing import Annotated

import numba
import numpy as np
from tocsin.simulation.kernels.compiling import compiled
from tocsin.simulation.kernels.compiling.kinds import F8

LN2_HIGH, LN2_LOW = float.fromhex("0x1.62e42fee00000p-1"), 1.9082149292705877e-10  # they add up
PER_LN2 = 1.4426950408889634
LEAST, MOST = -708.0, 709.0  # beyond, the exponential is 0 or infinite
SHIFT = 6755399441055744.0  # 1.5 * 2**52: what is added to it is rounded to a whole number
BIAS, FRACTION = np.int64(1023), np.int64(52)
ONE, ROOT_HALF = np.float64(1.0).view(np.uint64), np.float64(np.sqrt(0.5)).view(np.uint64)
FIELD, WHOLE = np.uint64(52), np.float64(2.0**52)
WHOLE_BITS = WHOLE.view(np.uint64)  # a whole number below it, put into its fraction, is added to it
SMALL = 0.35  # up to here exp(x) - 1 is summed without the 1

# Taylor series of the exponential, the constant last, and of the logarithm in (x - 1) / (x + 1).
FACTORIALS = tuple(1.0 / np.prod(np.arange(1.0, n + 1)) for n in range(14, 0, -1))
ODD = tuple(2.0 / (2 * n + 1) for n in range(11, 0, -1))

# Wichura, "Algorithm AS 241: the percentage points of the normal distribution" (Applied Statistics
# 37, 1988), PPND16: a ratio of polynomials for the middle, the near and the far tails.
MIDDLE = (
    (2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080),
    (5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0),
)  # fmt: skip
NEAR = (
    (7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
     4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
     2.05319162663775882187, 1.0),
)  # fmt: skip
FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
     5.46378491116411436990, 6.65790464350110377720),
    (2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0),
)  # fmt: skip


@numba.njit(inline="always")
def polynomial(x, coefficients):
    """The highest power first."""
    total = coefficients[0]
    for n in range(1, len(coefficients)):
        total = total * x + coefficients[n]
    return total


@numba.njit(inline="always")
def exp_of(x):
    """Exponential; 0 below `LEAST`, infinite above `MOST`."""
    inside = min(max(x, LEAST), MOST)
    shifted = inside * PER_LN2 + SHIFT
    whole = shifted - SHIFT
    rest = (inside - whole * LN2_HIGH) - whole * LN2_LOW
    scale = (np.float64(shifted).view(np.int64) + BIAS) << FRACTION
    value = (polynomial(rest, FACTORIALS) * rest + 1.0) * np.int64(scale).view(np.float64)
    return 0.0 if x < LEAST else np.inf if x > MOST else value


@numba.njit(inline="always")
def log_of(x):
    """Natural logarithm of a number of at least 2**-1022; of 0 it is minus infinity."""
    bits = np.float64(x).view(np.uint64)
    raised = (bits - ROOT_HALF + ONE) >> FIELD  # the power of 2 with the bias, so never below 0
    beyond = np.uint64(bits + ONE - (raised << FIELD)).view(np.float64) - 1.0
    power = np.uint64(raised | WHOLE_BITS).view(np.float64) - (WHOLE + 1023.0)
    s = beyond / (2.0 + beyond)
    square = s * s
    half = 0.5 * beyond * beyond
    tail = s * (half + polynomial(square, ODD) * square) + power * LN2_LOW
    value = power * LN2_HIGH - ((half - tail) - beyond)
    return -np.inf if x == 0.0 else value


@numba.njit(inline="always")
def log1p_of(x):
    """Logarithm of 1 + x, exact in x near 0 (Kahan); x is above -1."""
    more = 1.0 + x
    return x if more == 1.0 else log_of(more) * (x / (more - 1.0))


@numba.njit(inline="always")
def expm1_of(x):
    """exp(x) - 1, exact in x near 0."""
    return polynomial(x, FACTORIALS) * x if abs(x) <= SMALL else exp_of(x) - 1.0


@numba.njit(inline="always")
def _ratio(x, pair):
    return polynomial(x, pair[0]) / polynomial(x, pair[1])


@numba.njit(inline="always")
def _middle(p):
    off = p - 0.5
    return off * _ratio(0.180625 - off * off, MIDDLE)


@numba.njit(inline="always")
def _tail(p):
    far = np.sqrt(-log_of(p if p < 0.5 else 1.0 - p))
    value = _ratio(far - 1.6, NEAR) if far <= 5.0 else _ratio(far - 5.0, FAR)
    return -value if p < 0.5 else value


@numba.njit(inline="always")
def gumbel_of(p):
    """Quantile of the standard Gumbel distribution, centred on 0, at 0 < p < 1."""
    return -log_of(-log_of(p)) - np.euler_gamma


@numba.njit(inline="always")
def log_of_lognormal(normal, spread):
    """Logarithm of the lognormal number of mean 1 that belongs to a standard normal one."""
    return spread * normal - spread * spread / 2


@compiled
def raised(
    base: float,
    exponent: float,
) -> float:
    """One number raised to another; the base is 0 or more."""
    return exp_of(exponent * log_of(base)) if exponent != 0.0 else 1.0


@compiled
def exp(
    x: Annotated[F8, "n"],
    out: Annotated[F8, "n"],
) -> None:
    """Exponential of each number; `out` is written and may be `x`."""
    for i in range(x.size):
        out[i] = exp_of(x[i])


@compiled
def log(
    x: Annotated[F8, "n"],
    out: Annotated[F8, "n"],
) -> None:
    """Logarithm of each number; `out` is written and may be `x`."""
    for i in range(out.size):
        out[i] = log_of(x[i])


@compiled
def normal(
    p: Annotated[F8, "n"],
    out: Annotated[F8, "n"],
) -> None:
    """Standard normal quantile of each number (AS 241); `out` is written and not `p`.

    First all as if in the middle, then those in the tails, so that both loops are vector code.
    """
    number = 0
    at, found = np.empty(p.size, np.int64), np.empty(p.size)
    for i in range(p.size):
        out[i] = _middle(p[i])
    for i in range(p.size):
        at[number], found[number] = i, p[i]
        number += abs(p[i] - 0.5) > 0.425  # if not, the next one takes its place
    for n in range(number):
        found[n] = _tail(found[n])
    for n in range(number):
        out[at[n]] = found[n]


@compiled
def gumbel(
    p: Annotated[F8, "n"],
    out: Annotated[F8, "n"],
) -> None:
    """Standard Gumbel quantile, centred on 0; `out` is written and may be `p`."""
    for i in range(out.size):
        out[i] = gumbel_of(p[i])
