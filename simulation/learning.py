"""Learning from a week: what networks and agencies make of what was seized and what got through."""

from typing import TYPE_CHECKING

import numpy as np

from simulation import kernels
from simulation.elementary import kept
from simulation.watches import learn_from_watches

if TYPE_CHECKING:
    from simulation.model import BorderModel


def learn(model: "BorderModel") -> None:
    """Beliefs, heat, watches and methods follow the week; empty places in networks are filled."""
    found, moved, lanes, networks = model.found, model.moved, model.trade.lanes, model.networks
    crossings, caught = np.zeros((2, len(model.trade.ids), len(model.sectors.ids)))
    kernels.outcomes(
        moved.passed, lanes.place_network, lanes.place_sector, moved.delivered, lanes.network,
        found.network, found.sector, kept(model.parameters.trafficking.loss_memory_weeks),
        crossings, caught, networks.lost, networks.met, networks.loss_rate,
    )  # fmt: skip
    model.beliefs.learn(caught, crossings)
    model.patrols.remember(found.sector, model.parameters.operations)
    learn_from_watches(model, caught)
    _evade(model)
    model.members.refill(model.week, model.parameters.organisation, model.streams)


def _evade(model: "BorderModel") -> None:
    """Networks hide; now and then, and more often under losses, one changes its modus operandi."""
    networks, rules = model.networks, model.parameters
    luck = model.streams.uniform("modus", model.trade.keys, model.week)
    for number in model.race.evade(
        networks.loss_rate, networks.active, luck, rules.innovation, rules.trafficking
    ):
        networks.modus[number] += 1
        name = networks.names[number]
        model.log.record(f"modus-{model.week}-{name}", model.week, "modus", name, network=name)
