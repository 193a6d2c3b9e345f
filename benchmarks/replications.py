"""How many independent replications a pair saves: `benchmarks.pairing`, held against the goals."""

import sys
from contextlib import redirect_stdout

import numpy as np

from benchmarks.figures import Figure

PAIRS = 30


def measure() -> list[Figure]:
    """The least of all contrasts, and the median, with adaptive and with static actors."""
    from benchmarks.pairing import GOALS, NAMES, STATIC
    from benchmarks.pairing import measure as worth
    from experiments.variants import variant
    from simulation.scenario import load

    chosen = [load(name) for name in NAMES]
    still = [variant(one, STATIC) for one in chosen]
    figures = []
    for kind, scenarios in (("adaptive", chosen), ("static", still)):
        with redirect_stdout(sys.stderr):  # its own lines are not part of the table
            found = worth(kind, scenarios, PAIRS)
        about = f"{len(NAMES) - 1} contrasts, {' and '.join(GOALS)}, {PAIRS} pairs"
        figures += [Figure(f"{kind} actors, least", min(found), "x", about),
                    Figure(f"{kind} actors, median", float(np.median(found)), "x")]  # fmt: skip
    return figures
