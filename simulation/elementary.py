"""Exponential, logarithm, power and normal quantile with the same bits on every machine.

The model uses these instead of what NumPy, SciPy and Python offer, whose last bit depends on the
processor and the system; see :mod:`tocsin.simulation.kernels.functions`.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.kernels.functions import raised

Floats = NDArray[np.float64]
LN2 = 0.6931471805599453


def _each(function: Callable[[Floats, Floats], None], x: Floats) -> Floats:
    """A kernel's answer for each number of an array of any shape."""
    out = np.empty(x.shape)
    function(x.ravel(), out.ravel())
    return out


def exp(x: Floats) -> Floats:
    """Exponential; 0 below -708, infinite above 709."""
    return _each(kernels.exp, x)


def log(x: Floats) -> Floats:
    """Natural logarithm; x is 0 or more."""
    return _each(kernels.log, x)


def power(base: Floats | float, exponent: Floats | NDArray[np.int64]) -> Floats:
    """Bases above 0, each raised to its exponent, of the broadcast shape of both."""
    return exp(np.asarray(exponent, dtype=np.float64) * log(np.asarray(base, dtype=np.float64)))


def normal(uniform: Floats) -> Floats:
    """Standard normal numbers, by inversion of uniform ones."""
    return _each(kernels.normal, uniform)


def gumbel(uniform: Floats) -> Floats:
    """Standard Gumbel numbers, centred on 0, by inversion of uniform ones."""
    return _each(kernels.gumbel, uniform)


@lru_cache(maxsize=1024)
def kept(half_life: float) -> float:
    """What is left after one unit of time of what halves in `half_life` of them."""
    return raised(0.5, 1 / half_life)
