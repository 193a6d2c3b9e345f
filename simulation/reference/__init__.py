"""Rules that NumPy states more readably than their kernels, whole arrays at a time.

The tests hold :mod:`tocsin.simulation.kernels` to these, bit by bit, and every other kernel to its
own text, uncompiled (`py_func`): a loop that reads well needs no second text. What is here, and
why:

- `uniform`, `chained`, `exp`, `log`, `normal`, `gumbel` and `ties` are other arithmetic than that
  of their kernels: published algorithms in NumPy's own functions, or NumPy's own generator.
- `move`, `arrest`, `choose_watches`, `attraction` and `discover`, a part of `review`, are loops
  that are arranged for speed; here a sort or a mask says who or what is chosen.
- `perceived_risk`, `shared`, `practise`, `befriend`, `hazards`, `expose` and `deal` are formulas,
  shorter on whole arrays.
"""

from tocsin.simulation.reference.accounts import deal
from tocsin.simulation.reference.draws import chained, uniform
from tocsin.simulation.reference.functions import exp, gumbel, log, normal
from tocsin.simulation.reference.institutions import befriend, practise, shared
from tocsin.simulation.reference.learning import perceived_risk
from tocsin.simulation.reference.members import arrest, ties
from tocsin.simulation.reference.movement import move
from tocsin.simulation.reference.patrols import expose, hazards
from tocsin.simulation.reference.portfolio import attraction
from tocsin.simulation.reference.watches import choose_watches

__all__ = [
    "arrest",
    "attraction",
    "befriend",
    "chained",
    "choose_watches",
    "deal",
    "exp",
    "expose",
    "gumbel",
    "hazards",
    "log",
    "move",
    "normal",
    "perceived_risk",
    "practise",
    "shared",
    "ties",
    "uniform",
]
