"""How many independent replications a pair saves: `benchmarks.pairing`, held against the goals."""

import sys
from contextlib import redirect_stdout

import numpy as np

from benchmarks.figures import Figure

PAIRS = 30


def measure() -> list[Figure]:
    """The least of all contrasts and the median, of every kind of actors."""
    from tocsin.experiments.design.variants import variant
    from tocsin.simulation.scenario.files import load

    from benchmarks.pairing import GOALS, KINDS
    from benchmarks.pairing import measure as worth

    figures = []
    for kind, names, fixed in KINDS:
        scenarios = [variant(load(name), fixed) for name in names]
        with redirect_stdout(sys.stderr):  # its own lines are not part of the table
            found = worth(kind, scenarios, PAIRS)
        about = f"{len(names) - 1} contrasts, {' and '.join(GOALS)}, {PAIRS} pairs"
        figures += [Figure(f"{kind}, least", min(found), "x", about),
                    Figure(f"{kind}, median", float(np.median(found)), "x")]  # fmt: skip
    return figures
