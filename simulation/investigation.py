"""Investigation (M7): evidence, case files and operations against networks.

Evidence belongs to the jurisdiction that made it. What partners tell through the hub is a lead;
the evidence itself has to be requested, and comes when legal assistance has brought it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulation.intelligence import HORIZON
from simulation.parameters import Investigation


class CaseFiles:
    """Evidence of C agencies on N networks, in seizures' worth.

    Attributes
    ----------
    evidence
        float64[C, N].
    """

    def __init__(self, countries: int, networks: int, rules: Investigation) -> None:
        self.rules = rules
        self.evidence = np.zeros((countries, networks))
        self._coming = np.zeros((HORIZON, countries, networks))
        self._kept = 0.5 ** (1 / rules.evidence_half_life_weeks)

    def age(self) -> None:
        """Members change, so what is known of them loses its use: one week."""
        self.evidence *= self._kept

    def send(
        self, now: int, weeks: NDArray[np.int64], readers: NDArray[np.intp],
        networks: NDArray[np.intp], worth: NDArray[np.float64],
    ) -> None:  # fmt: skip
        """Evidence that readers will have in `weeks`; it ages on its way."""
        aged = worth * self._kept ** (weeks - now)
        np.add.at(self._coming, (weeks % HORIZON, readers, networks), aged)

    def arrive(self, week: int) -> float:
        """Add what reaches the agencies in this week; returns how much."""
        slot = week % HORIZON
        self.evidence += self._coming[slot]
        arrived = math.fsum(self._coming[slot].ravel())  # the same in any order of networks
        self._coming[slot] = 0.0
        return arrived

    def hazard(self, capability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weekly probability of an operation by each agency on each network. [C, N]"""
        square = self.evidence**2
        full = square / (square + self.rules.case_threshold**2)
        return self.rules.operation_rate * (0.5 + capability)[:, None] * full

    def forget(self, network: int) -> None:
        """A network has ended; its file is closed everywhere."""
        self.evidence[:, network] = 0.0
        self._coming[:, :, network] = 0.0
