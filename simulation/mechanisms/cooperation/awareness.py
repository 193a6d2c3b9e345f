"""Advocacy and awareness (M17): tips from the public, and political will.

An aware public reports what it sees: a network at one place, as often wrong as right. Awareness
also carries political will, and with it ratification and cooperation. It builds up slowly and
fades.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.elementary import kept
from tocsin.simulation.mechanisms.cooperation.budget import effect
from tocsin.simulation.parameters import Governance

YEAR = 52


class Awareness:
    """How much the public knows and cares, 0 to 1."""

    def __init__(self) -> None:
        self.level = 0.0

    def campaign(self, funds: float, rules: Governance) -> None:
        """One week; `funds` in million USD a year."""
        goal = effect(funds, rules.advocacy_half_musd)
        self.level += (1 - kept(rules.advocacy_half_life_weeks)) * (goal - self.level)

    def will(self, usual: NDArray[np.float64], rules: Governance) -> NDArray[np.float64]:
        """Political will in force. [C]"""
        if self.level == 0:
            return usual
        return usual + (1 - usual) * rules.will_gain * self.level
