"""Relative changes: given only where the base is far enough from zero to be divided by.

A rise from 0.06 to 1 is no "+1600 %" but one more. So a change is given in percent of the base
only if the 95 % interval of the base leaves out zero, the base is at least `FLOORS` of its unit,
and the change is at most twice the base; everywhere else counts, amounts and points are given.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

MOST = 2.0  # times the base; assumption: beyond it two numbers say more than their ratio
COUNT = 10.0  # assumption: of fewer things a percentage says nothing
SHARE = 0.01  # assumption: one point
FLOORS = {  # by unit of an indicator; COUNT for what is counted
    "share": SHARE, "trust": SHARE, "capability": SHARE, "index": SHARE, "bits": SHARE,
    "factor": SHARE, "weeks": 1.0, "USD per unit": 0.0,
}  # fmt: skip


def relative(base: ArrayLike, difference: float, unit: str) -> float:
    """Change in parts of the mean of the base.

    Parameters
    ----------
    base
        Values of the base, one a run; undefined ones (NaN) drop out.
    difference
        Mean change.
    unit
        Unit of the indicator, as in `tocsin.simulation.recording.indicators`.

    Returns
    -------
    NaN where the base is not well away from zero.
    """
    values = np.asarray(base, dtype=float)
    values = values[np.isfinite(values)]
    if values.size < 2:
        return float("nan")
    mean = float(values.mean())
    reach = float(special.stdtrit(values.size - 1, 0.975) * values.std(ddof=1) / values.size**0.5)
    away = abs(mean) > reach and abs(mean) >= FLOORS.get(unit, COUNT)
    if not away or mean == 0 or not abs(difference) <= MOST * abs(mean):
        return float("nan")
    return difference / abs(mean)
