"""Corruption (M10) and the programmes against it.

Part of the patrol effort of every country can be bought. Networks pay for it out of their
margin, know or learn where it is to be had, and prefer those ways. Integrity programmes win part
of it back, slowly, and lose it again without money.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.elementary import kept
from tocsin.simulation.mechanisms.cooperation.budget import effect
from tocsin.simulation.parameters import Governance


class Integrity:
    """Bought effort in C countries and on their S sectors.

    Attributes
    ----------
    won
        float64[C], progress of integrity programmes, 0 to 1.
    held
        float64[S], share that a treatment fixes, NaN elsewhere.
    by_country
        float64[C], share of effort that can be bought, treatments apart.
    by_sector
        float64[S], the same with treatments; another array as soon as anything changes.
    """

    def __init__(
        self, corruption: NDArray[np.float64], owner: NDArray[np.integer], rules: Governance
    ) -> None:
        self._usual = corruption
        self._owner = owner
        self.won = np.zeros(corruption.size)
        self.held = np.full(owner.size, np.nan)
        self.update(rules)

    def update(self, rules: Governance) -> None:
        """Take over changed levers."""
        self._rules = rules
        self._work_out()

    def _work_out(self) -> None:
        self.by_country = self._usual
        if self.won.any():
            self.by_country = self._usual * (1 - self._rules.integrity_most * self.won)
        everywhere = self.by_country[self._owner]
        self.by_sector = np.where(np.isnan(self.held), everywhere, self.held)

    def hold(self, sectors: NDArray[np.int64], share: float) -> None:
        """Fix the share at some sectors; NaN lets go of them."""
        self.held[sectors] = share
        self._work_out()

    def train(self, funds: float, members: NDArray[np.bool_]) -> None:
        """One week; `funds` in million USD a year are shared equally among the members [C]."""
        if funds == 0 and self.by_country is self._usual:
            return
        each = funds / max(1, int(members.sum()))
        level = members * effect(each, self._rules.integrity_half_musd)
        self.won += (1 - kept(self._rules.integrity_half_life_weeks)) * (level - self.won)
        self._work_out()
