"""Joint task forces (M15): a few teams on networks that touch several members.

Where two or more members hold a file on the same network, the coordinator may form a team. The
parties share what they find at once, read one common file, and act together, on those who hold
the network together. Unclear command and overlapping mandates cost part of the output.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.parameters import Cooperation


@dataclass(frozen=True)
class TaskForce:
    """One team: the network it works on, its parties (agency numbers), its last week."""

    network: int
    parties: NDArray[np.intp]
    until: int


class TaskForces:
    """The teams at work, at most one on a network."""

    def __init__(self) -> None:
        self.teams: dict[int, TaskForce] = {}

    def end_what_is_over(
        self, week: int, active: NDArray[np.bool_], members: NDArray[np.bool_], room: int
    ) -> None:
        """Teams end with their time, their network [N], a party's membership [A], or the funds."""
        self.teams = {
            network: team for network, team in self.teams.items()
            if active[network] and team.until >= week and members[team.parties].all()
        }  # fmt: skip
        while len(self.teams) > room:
            self.teams.pop(
                max(self.teams, key=lambda network: (self.teams[network].until, network))
            )

    def in_need(
        self, evidence: NDArray[np.float64], active: NDArray[np.bool_],
        members: NDArray[np.bool_], country: NDArray[np.int64], case: float,
    ) -> list[tuple[int, NDArray[np.intp]]]:  # fmt: skip
        """Networks without a team on which agencies of two or more members hold a file.

        The heaviest comes first.

        Parameters
        ----------
        evidence, active
            float64[A, N] seizures' worth, bool[N].
        members, country
            bool[A], int64[A]: whether its country is a member, and which country that is.
        case
            Evidence from which a file counts, seizures' worth.

        Returns
        -------
        Each network with the agencies that hold a file on it.
        """
        held = (evidence >= case) & members[:, None]
        weight = (evidence * held).sum(axis=0)
        abroad = held & (country[:, None] != country[held.argmax(axis=0)])
        weight *= active & abroad.any(axis=0)
        weight[list(self.teams)] = 0.0
        order = [n for n in np.argsort(-weight, kind="stable").tolist() if weight[n] > 0]
        return [(network, np.flatnonzero(held[:, network])) for network in order]

    def forget(self, network: int) -> None:
        """A network has ended; so does the work of the team on it."""
        self.teams.pop(network, None)

    def output(self, rules: Cooperation) -> float:
        """What is left of the parties' work after unclear command and turf, 0 to 1."""
        return rules.command * (1 - rules.overlap)

    def partners(self, agency: int, network: int) -> NDArray[np.intp]:
        """Parties that share at once what an agency finds on a network; empty if none."""
        team = self.teams.get(network)
        if team is None or agency not in team.parties:
            return np.empty(0, dtype=np.intp)
        return team.parties[team.parties != agency]
