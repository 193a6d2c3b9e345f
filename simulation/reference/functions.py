"""Twins of the elementary functions: the same steps, whole arrays at a time."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.kernels.functions import (
    FACTORIALS,
    FAR,
    LEAST,
    LN2_HIGH,
    LN2_LOW,
    MIDDLE,
    MOST,
    NEAR,
    ODD,
    PER_LN2,
    SMALL,
)

Floats = NDArray[np.float64]


def _polynomial(x: Floats, coefficients: tuple[float, ...]) -> Floats:
    total = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


def exp_of(x: Floats) -> Floats:
    """Exponential."""
    inside = np.clip(x, LEAST, MOST)
    whole = np.rint(inside * PER_LN2)
    rest = (inside - whole * LN2_HIGH) - whole * LN2_LOW
    value = np.ldexp(_polynomial(rest, FACTORIALS) * rest + 1.0, whole.astype(np.int32))
    return np.where(x < LEAST, 0.0, np.where(x > MOST, np.inf, value))


def log_of(x: Floats) -> Floats:
    """Natural logarithm."""
    fraction, power = np.frexp(np.where(x == 0.0, 1.0, x))
    low = fraction < np.sqrt(0.5)
    fraction, power = np.where(low, 2 * fraction, fraction), power - low
    beyond = fraction - 1.0
    s = beyond / (2.0 + beyond)
    half = 0.5 * beyond * beyond
    tail = s * (half + _polynomial(s * s, ODD) * (s * s)) + power * LN2_LOW
    return np.where(x == 0.0, -np.inf, power * LN2_HIGH - ((half - tail) - beyond))


def quantile_of(p: Floats) -> Floats:
    """Quantile of the standard normal distribution."""
    off = p - 0.5
    far = np.sqrt(-log_of(np.where(off < 0, p, 1.0 - p)))
    value = np.where(far <= 5.0, _ratio(far - 1.6, NEAR), _ratio(far - 5.0, FAR))
    middle = off * _ratio(0.180625 - off * off, MIDDLE)
    return np.where(np.abs(off) <= 0.425, middle, np.where(off < 0, -value, value))


def _ratio(x: Floats, pair: tuple[tuple[float, ...], tuple[float, ...]]) -> Floats:
    return _polynomial(x, pair[0]) / _polynomial(x, pair[1])


def expm1_of(x: Floats) -> Floats:
    """exp(x) - 1."""
    near = np.clip(x, -SMALL, SMALL)
    return np.where(np.abs(x) <= SMALL, _polynomial(near, FACTORIALS) * near, exp_of(x) - 1.0)


def log1p_of(x: Floats) -> Floats:
    """Logarithm of 1 + x."""
    more = 1.0 + x
    beyond = np.where(more == 1.0, 1.0, more - 1.0)
    return np.where(more == 1.0, x, log_of(more) * (x / beyond))


def power_of(base: Floats, exponent: Floats) -> Floats:
    """Bases raised to exponents of the same shape."""
    none = exponent == 0.0
    return np.where(none, 1.0, exp_of(exponent * log_of(np.where(none, 1.0, base))))


def gumbel_of(uniform: Floats) -> Floats:
    """Standard Gumbel numbers, centred on 0, by inversion."""
    return -log_of(-log_of(uniform)) - np.euler_gamma


def lognormal_of(uniform: Floats, spread: Floats | float) -> Floats:
    """Lognormal numbers of mean 1, by inversion; `spread` is that of their logarithms."""
    return exp_of(spread * quantile_of(uniform) - spread * spread / 2)


def raised(base: float, exponent: float) -> float:
    """One number raised to another; the base is 0 or more."""
    return float(power_of(np.array([base]), np.array([exponent]))[0])


def exp(x: Floats, out: Floats) -> None:
    """Twin of `kernels.exp`."""
    out[:] = exp_of(x)


def log(x: Floats, out: Floats) -> None:
    """Twin of `kernels.log`."""
    out[:] = log_of(x)


def normal(p: Floats, out: Floats) -> None:
    """Twin of `kernels.normal`."""
    out[:] = quantile_of(p)


def gumbel(p: Floats, out: Floats) -> None:
    """Twin of `kernels.gumbel`."""
    out[:] = gumbel_of(p)
