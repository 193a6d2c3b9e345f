"""Joint task forces (M15): a few teams on networks that touch several members.

Where two or more members hold a file on the same network, the coordinator may form a team. The
parties share what they find at once, read one common file, and act together, on those who hold
the network together. Unclear command and overlapping mandates cost part of the output.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.budget import TASK_FORCES
from simulation.parameters import Cooperation

if TYPE_CHECKING:
    from simulation.model import BorderModel


@dataclass(frozen=True)
class TaskForce:
    """One team: the network it works on, its parties (country numbers), its last week."""

    network: int
    parties: NDArray[np.intp]
    until: int


class TaskForces:
    """The teams at work, at most one on a network."""

    def __init__(self) -> None:
        self.teams: dict[int, TaskForce] = {}

    def form(self, model: "BorderModel") -> None:
        """End what is over; form new teams as far as the funds reach."""
        rules = model.parameters.cooperation
        active = model.networks.active
        self.teams = {
            network: team for network, team in self.teams.items()
            if active[network] and team.until >= model.week
            and model.cooperation.members[team.parties].all()
        }  # fmt: skip
        room = int(model.coordinator.budget[TASK_FORCES] / model.parameters.costs.task_force_musd)
        while len(self.teams) > room:
            self.teams.pop(
                max(self.teams, key=lambda network: (self.teams[network].until, network))
            )
        if len(self.teams) == room:
            return
        held = (model.cases.evidence >= rules.task_force_case) & model.cooperation.members[:, None]
        weight = (model.cases.evidence * held).sum(axis=0)
        weight *= active & (held.sum(axis=0) >= 2)
        weight[list(self.teams)] = 0.0
        for network in np.argsort(-weight, kind="stable")[: room - len(self.teams)].tolist():
            if weight[network] > 0:
                until = model.week + rules.task_force_weeks - 1
                self.teams[network] = TaskForce(network, np.flatnonzero(held[:, network]), until)
                name = model.networks.names[network]
                model.log.record(f"team-{model.week}-{name}", model.week, "task force", "IGO",
                                 network=name, amount=int(held[:, network].sum()))  # fmt: skip

    def forget(self, network: int) -> None:
        """A network has ended; so does the work of the team on it."""
        self.teams.pop(network, None)

    def output(self, rules: Cooperation) -> float:
        """What is left of the parties' work after unclear command and turf, 0 to 1."""
        return rules.command * (1 - rules.overlap)

    def partners(self, country: int, network: int) -> NDArray[np.intp]:
        """Parties that share at once what a country finds on a network; empty if none."""
        team = self.teams.get(network)
        if team is None or country not in team.parties:
            return np.empty(0, dtype=np.intp)
        return team.parties[team.parties != country]

    def act(self, model: "BorderModel") -> None:
        """Joint operations on common files."""
        rules = model.parameters.cooperation
        output = self.output(rules)
        threshold = model.parameters.investigation.case_threshold
        for network, team in list(self.teams.items()):
            common = float(model.cases.evidence[team.parties, network].sum())
            full = common * common / (common * common + threshold * threshold)
            key = model.trade.keys[network : network + 1]
            drawn = model.streams.uniform("joint operation", key, model.week)[0]
            if model.networks.active[network] and drawn < rules.joint_rate * output * full:
                model.coordinator.joint_operation(team)
