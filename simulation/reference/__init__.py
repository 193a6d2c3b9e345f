"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

from simulation.reference.counting import endings, passing
from simulation.reference.draws import chained, uniform
from simulation.reference.institutions import (
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
from simulation.reference.investigation import file_evidence, operations
from simulation.reference.learning import evade, outcomes
from simulation.reference.members import arrest, refill
from simulation.reference.movement import move
from simulation.reference.patrols import expose, hand_over, note, patrol, remember, thresholds

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
