"""The compiled array functions, each at least twice as fast as its readable twin.

Pure: arrays in, arrays out, nothing that two compilers may round differently (exp, log, pow), and
sums of floats only in NumPy's own order, so that every function gives the same bits as its twin
of the same name and arguments in :mod:`simulation.reference`. ``python -m simulation.kernels``
compiles everything once.
"""

from simulation.kernels.counting import endings, passing
from simulation.kernels.draws import chained, uniform
from simulation.kernels.institutions import (
    befriend,
    credit,
    grow,
    invest,
    odds_against,
    practise,
    shared,
    study,
    weigh,
)
from simulation.kernels.investigation import file_evidence, operations
from simulation.kernels.learning import evade, outcomes
from simulation.kernels.members import arrest, refill
from simulation.kernels.movement import move
from simulation.kernels.patrols import expose, hand_over, note, patrol, remember, thresholds

__all__ = [
    "arrest",
    "befriend",
    "chained",
    "credit",
    "endings",
    "evade",
    "expose",
    "file_evidence",
    "grow",
    "hand_over",
    "invest",
    "move",
    "note",
    "odds_against",
    "operations",
    "outcomes",
    "passing",
    "patrol",
    "practise",
    "refill",
    "remember",
    "shared",
    "study",
    "thresholds",
    "uniform",
    "weigh",
]
