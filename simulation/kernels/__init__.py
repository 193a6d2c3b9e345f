"""The compiled array functions, each at least twice as fast as its readable twin.

Pure: arrays in, arrays out, no arithmetic that two processors or compilers may round differently
(exp, log and pow are those of :mod:`tocsin.simulation.kernels.functions`), and sums of floats only
in NumPy's own order, so that every function gives the same bits on every machine, and the same as
its twin of the same name and arguments in :mod:`tocsin.simulation.reference`. ``python -m
tocsin.simulation.kernels`` compiles everything once.
"""

from tocsin.simulation.kernels.accounts import clear, deal, keep_books, sales
from tocsin.simulation.kernels.beliefs import experience, perceived_risk
from tocsin.simulation.kernels.compiling import CACHE
from tocsin.simulation.kernels.counting import (
    among_members,
    endings,
    in_business,
    passing,
    price_level,
    under_way,
)
from tocsin.simulation.kernels.dispatch import launches, load, send_off
from tocsin.simulation.kernels.draws import chained, uniform
from tocsin.simulation.kernels.functions import exp, gumbel, log, normal
from tocsin.simulation.kernels.institutions import (
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
from tocsin.simulation.kernels.intelligence import receive, release
from tocsin.simulation.kernels.investigation import arrive, file_evidence, operations, send_evidence
from tocsin.simulation.kernels.learning import evade, outcomes
from tocsin.simulation.kernels.members import arrest, refill, ties
from tocsin.simulation.kernels.movement import move
from tocsin.simulation.kernels.patrols import expose, hand_over, note, patrol, remember, thresholds
from tocsin.simulation.kernels.portfolio import attraction, contacts, expected_money, move_shares
from tocsin.simulation.kernels.reporting import public_tips, reveal, share, tell
from tocsin.simulation.kernels.watches import begin_watches, choose_watches, judge_watches

CACHE.keep()

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
