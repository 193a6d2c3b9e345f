"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

from simulation.reference.accounts import keep_books, sales, scarcity
from simulation.reference.beliefs import experience, perceived_risk
from simulation.reference.cooperation import given, reluctance
from simulation.reference.counting import endings, passing
from simulation.reference.dispatch import launches, load, send_off
from simulation.reference.draws import chained, uniform
from simulation.reference.intelligence import leak, receive
from simulation.reference.movement import move
from simulation.reference.portfolio import (
    attraction,
    contacts,
    discover,
    expected_money,
    move_shares,
    passage,
)
from simulation.reference.reporting import public_tips, reveal, send_evidence, share, tell
from simulation.reference.watches import begin_watches, choose_watches, judge_watches

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
