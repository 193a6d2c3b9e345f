"""The kernels once more in NumPy, to be read: what each compiled function does, whole arrays
at a time. The tests hold :mod:`simulation.kernels` to these, bit by bit.
"""

from simulation.reference.accounts import keep_books, sales, scarcity
from simulation.reference.beliefs import experience, perceived_risk
from simulation.reference.counting import endings, passing
from simulation.reference.dispatch import launches, load, send_off
from simulation.reference.draws import chained, uniform
from simulation.reference.movement import move
from simulation.reference.portfolio import (
    attraction,
    contacts,
    discover,
    expected_money,
    move_shares,
    passage,
)

__all__ = [
    "attraction",
    "chained",
    "contacts",
    "discover",
    "endings",
    "expected_money",
    "experience",
    "keep_books",
    "launches",
    "load",
    "move",
    "move_shares",
    "passage",
    "passing",
    "perceived_risk",
    "sales",
    "scarcity",
    "send_off",
    "uniform",
]
