"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

from simulation.reference.accounts import clear, deal, keep_books, sales
from simulation.reference.beliefs import experience, perceived_risk
from simulation.reference.counting import (
    among_members,
    endings,
    in_business,
    passing,
    price_level,
    under_way,
)
from simulation.reference.dispatch import launches, load, send_off
from simulation.reference.draws import chained, uniform
from simulation.reference.functions import (
    exp,
    gumbel,
    log,
    normal,
)
from simulation.reference.institutions import (
    befriend,
    credit,
    grow,
    invest,
    look_back,
    misspent,
    practise,
    shared,
    study,
    weigh,
)
from simulation.reference.intelligence import receive, release
from simulation.reference.investigation import arrive, file_evidence, operations, send_evidence
from simulation.reference.learning import evade, outcomes
from simulation.reference.members import arrest, refill, ties
from simulation.reference.movement import move
from simulation.reference.patrols import expose, hand_over, note, patrol, remember, thresholds
from simulation.reference.portfolio import (
    attraction,
    contacts,
    expected_money,
    move_shares,
)
from simulation.reference.reporting import public_tips, reveal, share, tell
from simulation.reference.watches import begin_watches, choose_watches, judge_watches

__all__ = [
    "among_members",
    "arrest",
    "arrive",
    "attraction",
    "befriend",
    "begin_watches",
    "chained",
    "choose_watches",
    "clear",
    "contacts",
    "credit",
    "deal",
    "endings",
    "evade",
    "exp",
    "expected_money",
    "experience",
    "expose",
    "file_evidence",
    "grow",
    "gumbel",
    "hand_over",
    "in_business",
    "invest",
    "judge_watches",
    "keep_books",
    "launches",
    "load",
    "log",
    "look_back",
    "misspent",
    "move",
    "move_shares",
    "normal",
    "note",
    "operations",
    "outcomes",
    "passing",
    "patrol",
    "perceived_risk",
    "practise",
    "price_level",
    "public_tips",
    "receive",
    "refill",
    "release",
    "remember",
    "reveal",
    "sales",
    "send_evidence",
    "send_off",
    "share",
    "shared",
    "study",
    "tell",
    "thresholds",
    "ties",
    "under_way",
    "uniform",
    "weigh",
]
