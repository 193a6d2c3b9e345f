"""The compiled array functions, each at least twice as fast as its readable twin.

Pure: arrays in, arrays out, no arithmetic that two processors or compilers may round differently
(exp, log and pow are those of :mod:`simulation.kernels.functions`), and sums of floats only in
NumPy's own order, so that every function gives the same bits on every machine, and the same as its
twin of the same name and arguments in :mod:`simulation.reference`. ``python -m simulation.kernels``
compiles everything once.
"""

from simulation.kernels.accounts import keep_books, sales, scarcity
from simulation.kernels.beliefs import experience, perceived_risk
from simulation.kernels.counting import endings, mean, passing, under_way
from simulation.kernels.dispatch import launches, load, send_off
from simulation.kernels.draws import chained, uniform
from simulation.kernels.functions import (
    exp,
    gumbel,
    log,
    log1p,
    lognormal,
    normal,
    raised,
)
from simulation.kernels.institutions import (
    befriend,
    credit,
    grow,
    invest,
    practise,
    shared,
    study,
    weigh,
)
from simulation.kernels.intelligence import receive, release
from simulation.kernels.investigation import arrive, file_evidence, operations, send_evidence
from simulation.kernels.learning import evade, outcomes
from simulation.kernels.members import arrest, refill, ties
from simulation.kernels.movement import move
from simulation.kernels.patrols import expose, hand_over, note, patrol, remember, thresholds
from simulation.kernels.portfolio import (
    attraction,
    contacts,
    discover,
    expected_money,
    move_shares,
    passage,
)
from simulation.kernels.reporting import public_tips, reveal, share, tell
from simulation.kernels.watches import begin_watches, choose_watches, judge_watches

__all__ = [
    "arrest",
    "arrive",
    "attraction",
    "befriend",
    "begin_watches",
    "chained",
    "choose_watches",
    "contacts",
    "credit",
    "discover",
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
    "invest",
    "judge_watches",
    "keep_books",
    "launches",
    "load",
    "log",
    "log1p",
    "lognormal",
    "mean",
    "move",
    "move_shares",
    "normal",
    "note",
    "operations",
    "outcomes",
    "passage",
    "passing",
    "patrol",
    "perceived_risk",
    "practise",
    "public_tips",
    "raised",
    "receive",
    "refill",
    "release",
    "remember",
    "reveal",
    "sales",
    "scarcity",
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
