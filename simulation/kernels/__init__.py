"""The compiled array functions: what a run repeats most.

Pure: arrays in, arrays out, no arithmetic that two processors or compilers may round differently
(exp, log and pow are those of :mod:`tocsin.simulation.kernels.functions`), and sums of floats only
in NumPy's own order, so that every function gives the same bits on every machine. Each is held to
its uncompiled self, or to the statement of its rule in :mod:`tocsin.simulation.reference`.
``python -m tocsin.simulation.kernels`` compiles everything once.

Letters stand for sizes (:mod:`tocsin.simulation.kernels.compiling.kinds`): N networks, C countries
or agencies (D agencies where both are met), S sectors, K commodities, M markets (or members of the
largest network), B lines of trade, R lines in turn, L lanes, P places on lanes, A lanes in turn or
kinds of places, G forces, W weeks ahead, n the shipments, seizures or items of a call.
"""

from tocsin.simulation.kernels.accounts import (
    clear,
    deal,
    keep_books,
    sales,
)
from tocsin.simulation.kernels.compiling import CACHE, CHECKED
from tocsin.simulation.kernels.compiling.checking import checked
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
from tocsin.simulation.kernels.intelligence import let_out, receive, sell
from tocsin.simulation.kernels.investigation import (
    arrive,
    file_evidence,
    operations,
    send_evidence,
)
from tocsin.simulation.kernels.learning import (
    evade,
    experience,
    outcomes,
    perceived_risk,
)
from tocsin.simulation.kernels.members import arrest, refill, ties
from tocsin.simulation.kernels.movement import move
from tocsin.simulation.kernels.patrols import (
    expose,
    hand_over,
    hazards,
    note,
    patrol,
    remember,
    thresholds,
)
from tocsin.simulation.kernels.portfolio import (
    attraction,
    expected_money,
    review,
    worths,
)
from tocsin.simulation.kernels.reporting import (
    public_tips,
    reveal,
    share,
    tell,
)
from tocsin.simulation.kernels.watches import (
    begin_watches,
    choose_watches,
    fade_trust,
    judge_watches,
)

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
    "credit",
    "deal",
    "endings",
    "evade",
    "exp",
    "expected_money",
    "experience",
    "expose",
    "fade_trust",
    "file_evidence",
    "grow",
    "gumbel",
    "hand_over",
    "hazards",
    "in_business",
    "invest",
    "judge_watches",
    "keep_books",
    "launches",
    "let_out",
    "load",
    "log",
    "look_back",
    "misspent",
    "move",
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
    "remember",
    "reveal",
    "review",
    "sales",
    "sell",
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
    "worths",
]

if CHECKED:
    globals().update({name: checked(globals()[name]) for name in __all__})
