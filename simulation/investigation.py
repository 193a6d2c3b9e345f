"""Investigation (M7): evidence, case files and operations against networks.

Evidence belongs to the jurisdiction that made it. What partners tell through the hub is a lead;
the evidence itself has to be requested, and comes when legal assistance has brought it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.intelligence import HORIZON
from simulation.parameters import Investigation
from simulation.randomness import Keys, Streams


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

    def operations(
        self, capability: NDArray[np.float64], active: NDArray[np.bool_], keys: Keys, week: int,
        streams: Streams,
    ) -> list[list[int]]:  # fmt: skip
        """Operations of this week: agency and network of each.

        `capability` float64[C], `active` bool[N]; `keys` of agency and network, uint64[C, N].
        """
        ready = np.empty((self.evidence.size, 2), dtype=np.int64)
        number = kernels.operations(
            streams.key("operation"), week, keys, self.evidence, active,
            self.rules.operation_rate * (0.5 + capability), self.rules.case_threshold**2, ready,
        )  # fmt: skip
        return ready[:number].tolist()

    def forget(self, network: int) -> None:
        """A network has ended; its file is closed everywhere."""
        self.evidence[:, network] = 0.0
        self._coming[:, :, network] = 0.0
