"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`tocsin.simulation.kernels` to these, bit by bit.
"""

from tocsin.simulation.reference.accounts import clear, deal, keep_books, sales
from tocsin.simulation.reference.beliefs import experience, perceived_risk
from tocsin.simulation.reference.counting import (
    among_members,
    endings,
    in_business,
    passing,
    price_level,
    under_way,
)
from tocsin.simulation.reference.dispatch import launches, load, send_off
from tocsin.simulation.reference.draws import chained, uniform
from tocsin.simulation.reference.functions import exp, gumbel, log, normal
from tocsin.simulation.reference.institutions import (
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
from tocsin.simulation.reference.intelligence import receive, release
from tocsin.simulation.reference.investigation import (
    arrive,
    file_evidence,
    operations,
    send_evidence,
)
from tocsin.simulation.reference.learning import evade, outcomes
from tocsin.simulation.reference.members import arrest, refill, ties
from tocsin.simulation.reference.movement import move
from tocsin.simulation.reference.patrols import (
    expose,
    hand_over,
    note,
    patrol,
    remember,
    thresholds,
)
from tocsin.simulation.reference.portfolio import attraction, contacts, expected_money, move_shares
from tocsin.simulation.reference.reporting import public_tips, reveal, share, tell
from tocsin.simulation.reference.watches import begin_watches, choose_watches, judge_watches

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
