"""The compiled array functions, each at least twice as fast as its readable twin.

Pure: arrays in, arrays out, nothing that two compilers may round differently (exp, log, pow), and
sums of floats only in NumPy's own order, so that every function gives the same bits as its twin
of the same name and arguments in :mod:`simulation.reference`. ``python -m simulation.kernels``
compiles everything once.
"""

from simulation.kernels.accounts import keep_books, sales, scarcity
from simulation.kernels.beliefs import experience, perceived_risk
from simulation.kernels.cooperation import given, reluctance
from simulation.kernels.counting import endings, passing
from simulation.kernels.dispatch import launches, load, send_off
from simulation.kernels.draws import chained, uniform
from simulation.kernels.intelligence import leak, receive
from simulation.kernels.movement import move
from simulation.kernels.portfolio import (
    attraction,
    contacts,
    discover,
    expected_money,
    move_shares,
    passage,
)
from simulation.kernels.reporting import public_tips, reveal, send_evidence, share, tell
from simulation.kernels.watches import begin_watches, choose_watches, judge_watches

__all__ = [
    "attraction",
    "begin_watches",
    "chained",
    "choose_watches",
    "contacts",
    "discover",
    "endings",
    "expected_money",
    "experience",
    "given",
    "judge_watches",
    "keep_books",
    "launches",
    "leak",
    "load",
    "move",
    "move_shares",
    "passage",
    "passing",
    "perceived_risk",
    "public_tips",
    "receive",
    "reluctance",
    "reveal",
    "sales",
    "scarcity",
    "send_evidence",
    "send_off",
    "share",
    "tell",
    "uniform",
]
