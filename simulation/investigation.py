"""Investigation (M7): evidence, case files and operations against networks."""

import numpy as np
from numpy.typing import NDArray

from simulation.parameters import Investigation


class CaseFiles:
    """Evidence of C agencies on N networks, in seizures' worth. [C, N]"""

    def __init__(self, countries: int, networks: int, rules: Investigation) -> None:
        self.rules = rules
        self.evidence = np.zeros((countries, networks))
        self._coming: dict[int, NDArray[np.float64]] = {}

    def age(self) -> None:
        """Members change, so what is known of them loses its use: one week."""
        kept = 0.5 ** (1 / self.rules.evidence_half_life_weeks)
        self.evidence *= kept
        for parcel in self._coming.values():
            parcel *= kept

    def send(self, week: int, evidence: NDArray[np.float64]) -> None:
        """Evidence [C, N] on its way to partners, who have it in `week`; it ages meanwhile."""
        if week in self._coming:
            self._coming[week] += evidence
        else:
            self._coming[week] = evidence

    def arrive(self, week: int) -> None:
        """Add what reaches the agencies in this week."""
        parcel = self._coming.pop(week, None)
        if parcel is not None:
            self.evidence += parcel

    def hazard(self, capability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weekly probability of an operation by each agency on each network. [C, N]"""
        square = self.evidence**2
        full = square / (square + self.rules.case_threshold**2)
        return self.rules.operation_rate * (0.5 + capability)[:, None] * full

    def forget(self, network: int) -> None:
        """A network has ended; its file is closed everywhere."""
        self.evidence[:, network] = 0.0
        for parcel in self._coming.values():
            parcel[:, network] = 0.0
