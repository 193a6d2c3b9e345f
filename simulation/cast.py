"""Who decides in a run: the networks, the agencies, the coordinator, or what a mechanism brings."""

from dataclasses import dataclass

import mesa
from tocsin.simulation.agents import (
    IGOCoordinator,
    NationalAgencies,
    NationalAgency,
    TraffickingNetwork,
    TraffickingNetworks,
)
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.world import World


@dataclass(frozen=True)
class Cast:
    """Everybody who decides."""

    networks: TraffickingNetworks
    agencies: NationalAgencies
    coordinator: IGOCoordinator

    @classmethod
    def of(cls, model: mesa.Model, world: World) -> "Cast":
        """The agents of a model, in the order in which Mesa numbers them.

        A mechanism from outside may bring the collective that decides.

        Raises InputError if what it brings does not derive from the package's own.
        """
        numbers = range(len(world.trade.ids))
        networks = _decider("networks", TraffickingNetworks, world)(
            world, [TraffickingNetwork(model, world, number) for number in numbers]
        )
        views = [NationalAgency(model, world, number) for number in range(len(world.roster))]
        agencies = _decider("agencies", NationalAgencies, world)(world, views)
        coordinator = _decider("coordinator", IGOCoordinator, world)(model, world)
        return cls(networks, agencies, coordinator)

    def check(self) -> None:
        """Raise InputError if one that decides has kept something, which would be no state."""
        own = {"world", "views", *vars(self.agencies.views[0])}
        for decider in (self.networks, self.agencies, self.coordinator):
            for name in sorted(vars(decider).keys() - own):
                raise InputError(_(
                    "{kind} keeps {name}, which is no part of the state; keep it in the mechanism: "
                    "self.world.mechanism(NAME) finds it.", kind=type(decider).__name__,
                    name=repr(name),
                ))  # fmt: skip


def _decider[Collective](who: str, usual: type[Collective], world: World) -> type[Collective]:
    """The class that decides: the package's own, or what a mechanism has in its place."""
    for mechanism in world.mechanisms:
        brought = getattr(mechanism, who)
        if brought is None:
            continue
        if not (isinstance(brought, type) and issubclass(brought, usual)):
            raise InputError(_(
                "mechanism {name}: {who}: {brought} does not derive from {usual}.",
                name=repr(mechanism.name), who=who, brought=repr(brought), usual=usual.__name__,
            ))  # fmt: skip
        return brought
    return usual
