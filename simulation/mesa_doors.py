"""Mesa's doors: what its users call on a model either does what they expect or is refused.

The agents of a model stay, all draws of a run follow from one seed, and a run ends with its last
week. Whatever Mesa offers to change that says so in a sentence.
"""

from abc import abstractmethod
from collections.abc import Iterable

import mesa
from mesa.agentset import _HardKeyAgentSet  # pyright: ignore[reportPrivateUsage]
from tocsin.simulation.errors import InputError
from tocsin.simulation.randomness import Rng


class LastingAgent[Model: mesa.Model](mesa.Agent[Model]):
    """An agent that nobody can take out of its model."""


class LastingModel(mesa.Model):
    """A model with lasting agents, one seed and a last week."""

    failure: Exception | None = None

    @property
    @abstractmethod
    def last_week(self) -> int:
        """Week with which the run ends."""

    @property
    @abstractmethod
    def run_name(self) -> str:
        """What the run is called in sentences."""

    def keep_agents(self) -> None:
        """From now on no lasting agent can be taken out of Mesa's sets."""
        self._all_agents = _KeptAgents(self._all_agents, self.random)
        for kind, agents in self._agents_by_type.items():
            self._agents_by_type[kind] = _KeptAgents(agents, self.random)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Mesa's way to take an agent out; raises InputError if it is a lasting one."""
        _check([agent])
        super().deregister_agent(agent)

    def _advance_time(self, until: float) -> None:
        """Mesa's clock, which runs neither past the last week nor on from one that failed."""
        if self.failure is not None:
            raise self.failure
        if until > self.last_week:
            raise InputError(f"the run of {self.run_name!r} ends with week {self.last_week}; "
                             "set world.weeks for a longer one.")  # fmt: skip
        super()._advance_time(until)

    def reset_rng(self, rng: Rng = None) -> None:
        """Mesa's way to begin other draws; refused, as all of a run follow from one seed."""
        raise InputError("rng: the draws of a run follow from its seed; begin another run with "
                         "BorderModel(scenario, rng=...).")  # fmt: skip

    def reset_randomizer(self, seed: int | None = None) -> None:
        """Mesa's older way; refused like `reset_rng`."""
        self.reset_rng(seed)


class _KeptAgents(_HardKeyAgentSet[mesa.Agent]):
    """A set of agents of which the lasting ones stay; others, which a user adds, come and go."""

    def remove(self, agent: mesa.Agent) -> None:
        _check([agent])
        super().remove(agent)

    def discard(self, agent: mesa.Agent) -> None:
        _check([agent])
        super().discard(agent)

    def _update(self, agents: Iterable[mesa.Agent]) -> "_KeptAgents":
        """A choice in place."""
        chosen = dict.fromkeys(agents)
        _check(agent for agent in self if agent not in chosen)
        return super()._update(chosen)


def _check(leaving: Iterable[mesa.Agent]) -> None:
    """Raise InputError if one of those that are to leave is a lasting agent."""
    for agent in leaving:
        if isinstance(agent, LastingAgent):
            raise InputError(
                f"{type(agent).__name__} {agent.unique_id}: an agent of the model cannot be "
                "removed; a network that is to take no part is dormant in the scenario, a country "
                "that is to stay out is no member."
            )
