"""The value of an indicator over a period, defined once for runs, years of a class and quarters."""

from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.recording.indicators import Ending


def value_of(weekly: NDArray[Any], ending: Ending) -> int | float | None:
    """Sum, last value or mean of the weeks [W] in which a series is defined; None without any."""
    defined = weekly[~np.isnan(weekly)]
    if not defined.size:
        return None
    if ending == "total":
        return defined.sum().item()
    return (defined[-1] if ending == "last" else defined.mean()).item()


def share_of(part: SupportsFloat, rest: SupportsFloat) -> float | None:
    """Share of a part in itself and the rest; None where both are 0."""
    whole = float(part) + float(rest)
    return float(part) / whole if whole else None
