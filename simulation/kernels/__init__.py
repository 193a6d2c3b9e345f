"""The compiled array functions, each at least twice as fast as its readable twin.

Pure: arrays in, arrays out, nothing that two compilers may round differently (exp, log, pow), and
sums of floats only in NumPy's own order, so that every function gives the same bits as its twin
of the same name and arguments in :mod:`simulation.reference`. ``python -m simulation.kernels``
compiles everything once.
"""

from simulation.kernels.cooperation import given, reluctance
from simulation.kernels.counting import endings, passing
from simulation.kernels.draws import chained, uniform
from simulation.kernels.intelligence import leak, receive
from simulation.kernels.movement import move
from simulation.kernels.reporting import public_tips, reveal, send_evidence, share, tell
from simulation.kernels.watches import begin_watches, choose_watches, judge_watches

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
