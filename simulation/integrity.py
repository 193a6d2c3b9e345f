"""Corruption (M10) and the programmes against it.

Part of the patrol effort of every country can be bought. Networks pay for it out of their
margin, know or learn where it is to be had, and prefer those ways. Integrity programmes win part
of it back, slowly, and lose it again without money.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.budget import effect
from simulation.elementary import kept
from simulation.parameters import Governance


class Integrity:
    """Bought effort in C countries and on their S sectors.

    Attributes
    ----------
    won
        float64[C], progress of integrity programmes, 0 to 1.
    held
        float64[S], share that a treatment fixes, NaN elsewhere.
    """

    def __init__(self, corruption: NDArray[np.float64], owner: NDArray[np.integer]) -> None:
        self._usual = corruption
        self._owner = owner
        self.won = np.zeros(corruption.size)
        self.held = np.full(owner.size, np.nan)
        self._most = -1.0  # how much could be won when the shares were worked out last

    def hold(self, sectors: NDArray[np.int64], share: float) -> None:
        """Fix the share at some sectors; NaN lets go of them."""
        self.held[sectors] = share
        self._most = -1.0

    def train(self, funds: float, members: NDArray[np.bool_], rules: Governance) -> None:
        """One week; `funds` in million USD a year are shared equally among the members [C]."""
        if funds == 0 and not self.won.any():
            return
        each = funds / max(1, int(members.sum()))
        level = members * effect(each, rules.integrity_half_musd)
        self.won += (1 - kept(rules.integrity_half_life_weeks)) * (level - self.won)
        self._most = -1.0

    def _work_out(self, most: float) -> None:
        if most != self._most:
            self._most = most
            self._bought = self._usual * (1 - most * self.won)
            everywhere = self._bought[self._owner]
            self._on_sectors = np.where(np.isnan(self.held), everywhere, self.held)

    def by_country(self, rules: Governance) -> NDArray[np.float64]:
        """Share of effort that can be bought, treatments apart. [C]"""
        self._work_out(rules.integrity_most)
        return self._bought

    def by_sector(self, rules: Governance) -> NDArray[np.float64]:
        """Share of effort that can be bought; the same array as long as nothing changes. [S]"""
        self._work_out(rules.integrity_most)
        return self._on_sectors
