"""Agents that stay: Mesa's sets of agents, out of which nobody takes those of the model."""

from collections.abc import Iterable
from typing import ClassVar

import mesa
from mesa.agentset import _HardKeyAgentSet  # pyright: ignore[reportPrivateUsage]

from simulation.errors import InputError


def refused(agent: mesa.Agent) -> InputError:
    """What is said to whoever takes out an agent of the model."""
    return InputError(
        f"{type(agent).__name__} {agent.unique_id}: an agent of the model cannot be "
        "removed; a network that is to take no part is dormant in the scenario, a country "
        "that is to stay out is no member."
    )


class KeptAgents(_HardKeyAgentSet[mesa.Agent]):
    """A set of agents of which some stay; others, which a user adds, come and go.

    Attributes
    ----------
    kinds
        Classes of the agents that stay.
    """

    kinds: ClassVar[tuple[type, ...]] = ()

    def remove(self, agent: mesa.Agent) -> None:
        """Take out one agent; raises InputError if it is one that stays."""
        self._check([agent])
        super().remove(agent)

    def discard(self, agent: mesa.Agent) -> None:
        """Take out one agent if it is there; raises InputError if it is one that stays."""
        self._check([agent])
        super().discard(agent)

    def _update(self, agents: Iterable[mesa.Agent]) -> "KeptAgents":
        """A choice in place; raises InputError if an agent that stays is left out."""
        chosen = dict.fromkeys(agents)
        self._check(agent for agent in self if agent not in chosen)
        return super()._update(chosen)

    def _check(self, agents: Iterable[mesa.Agent]) -> None:
        for agent in agents:
            if isinstance(agent, self.kinds) and agent in self:
                raise refused(agent)
