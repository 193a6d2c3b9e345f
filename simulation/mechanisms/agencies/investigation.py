"""Investigation (M7): evidence, case files and operations against networks.

Evidence belongs to the jurisdiction that made it. What partners tell through the hub is a lead;
the evidence itself has to be requested, and comes when legal assistance has brought it.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.elementary import kept, power
from tocsin.simulation.mechanisms.agencies.intelligence import HORIZON
from tocsin.simulation.parameters import Investigation
from tocsin.simulation.randomness import Keys, Streams


class CaseFiles:
    """Evidence of C agencies on N networks, in seizures' worth.

    Attributes
    ----------
    evidence
        float64[A, N].
    latest
        uint64[A, N], key of the agency's latest own seizure in the file; 0 if there is none.
    keys
        uint64[A, N], of each agency with each network.
    """

    no_state = frozenset({"keys"})

    def __init__(self, keys: Keys, rules: Investigation) -> None:
        self.rules = rules
        self.keys = keys
        countries, networks = keys.shape
        self.evidence = np.zeros((countries, networks))
        self.latest = np.zeros((countries, networks), dtype=np.uint64)
        self._coming = np.zeros((HORIZON, countries, networks))
        self._kept = kept(rules.evidence_half_life_weeks)
        self._aged = power(self._kept, np.arange(HORIZON))

    def pass_week(self, week: int) -> float:
        """Members change, so what is known loses its use; then comes what is due in this week.

        Returns how much comes.
        """
        return kernels.arrive(self._kept, self._coming[week % HORIZON], self.evidence)

    def send(
        self, now: int, weeks: NDArray[np.int64], recipients: NDArray[np.bool_],
        origin: NDArray[np.int64], network: NDArray[np.int64], compatible: NDArray[np.float64],
        skill: NDArray[np.float64], mla_weeks: float, rules: Investigation,
    ) -> tuple[int, int]:  # fmt: skip
        """Evidence that readers will have of n seizures; it ages on its way.

        Parameters
        ----------
        now
            Present week.
        weeks, recipients, origin, network
            int64[n], bool[n, A], int64[n], int64[n]: in which week the hub lets each out, who
            reads it then, whose seizure it is, and of which network.
        compatible
            float64[A, A], how much of a case of the row's agency counts in the column's.
        skill
            float64[A], what a seizure is worth to the agency that made it.
        mla_weeks
            Weeks from request to evidence where law is half compatible; full compatibility halves
            them.
        rules
            Values in force: what a lead and what evidence from abroad count for.

        Returns
        -------
        Number of requests, and weeks that all of them take together.
        """
        return kernels.send_evidence(
            now, weeks, recipients, origin, network, compatible, skill, rules.foreign_weight,
            rules.court_weight, mla_weeks, self._aged, self._coming,
        )  # fmt: skip

    def operations(
        self, skill: NDArray[np.float64], active: NDArray[np.bool_], week: int, streams: Streams
    ) -> list[list[int]]:
        """Operations of this week: agency and network of each.

        `skill` float64[A], `active` bool[N].
        """
        ready = np.empty((self.evidence.size, 2), dtype=np.int64)
        number = kernels.operations(
            streams.key("operation"), week, self.keys, self.evidence, active,
            self.rules.operation_rate, skill, self.rules.case_threshold, ready,
        )  # fmt: skip
        return ready[:number].tolist()

    def forget(self, network: int) -> None:
        """A network has ended; its file is closed everywhere."""
        self.evidence[:, network] = 0.0
        self.latest[:, network] = 0
        self._coming[:, :, network] = 0.0
