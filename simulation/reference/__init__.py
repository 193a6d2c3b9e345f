"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

from simulation.reference.cooperation import given, reluctance
from simulation.reference.counting import endings, passing
from simulation.reference.draws import chained, uniform
from simulation.reference.intelligence import leak, receive
from simulation.reference.movement import move
from simulation.reference.reporting import public_tips, reveal, send_evidence, share, tell
from simulation.reference.watches import begin_watches, choose_watches, judge_watches

__all__ = [
    "begin_watches",
    "chained",
    "choose_watches",
    "endings",
    "given",
    "judge_watches",
    "leak",
    "move",
    "passing",
    "public_tips",
    "receive",
    "reluctance",
    "reveal",
    "send_evidence",
    "share",
    "tell",
    "uniform",
]
