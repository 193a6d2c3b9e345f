"""Learning from a week: what networks and agencies make of what was seized and what got through."""

from typing import TYPE_CHECKING

import numpy as np

from simulation.watches import learn_from_watches

if TYPE_CHECKING:
    from simulation.model import BorderModel


def learn(model: "BorderModel") -> None:
    """Beliefs, heat, watches and methods follow the week; empty places in networks are filled."""
    found, lanes, networks = model.found, model.trade.lanes, model.networks
    counts, sectors = len(model.trade.ids), len(model.sectors.ids)
    where = lanes.place_network * sectors + lanes.place_sector
    passed = np.bincount(where, model.moved.passed, counts * sectors).reshape(counts, -1)
    caught = np.zeros((counts, sectors))
    np.add.at(caught, (found.network, found.sector), 1.0)
    model.beliefs.learn(caught, passed)
    model.patrols.remember(
        caught.sum(axis=0).astype(np.int64), model.parameters.operations.heat_half_life_weeks
    )
    learn_from_watches(model, caught)
    rules = model.parameters.trafficking
    arrived = np.bincount(lanes.network, model.moved.delivered, counts)
    networks.remember(caught.sum(axis=1), arrived, rules.loss_memory_weeks)
    _change_methods(model)
    model.race.hide(networks.loss_rate() * networks.active, model.parameters.innovation)
    model.members.refill(model.week, model.parameters.organisation, model.streams)


def _change_methods(model: "BorderModel") -> None:
    """Now and then, and more often under losses, a network changes its modus operandi."""
    networks, rules = model.networks, model.parameters.trafficking
    turn = 1 / rules.modus_life_weeks + rules.modus_loss_hazard * networks.loss_rate()
    renewed = model.streams.uniform("modus", model.trade.keys, model.week) < turn
    for number in np.flatnonzero(renewed & networks.active).tolist():
        networks.modus[number] += 1
        name = networks.names[number]
        model.log.record(f"modus-{model.week}-{name}", model.week, "modus", name, network=name)
