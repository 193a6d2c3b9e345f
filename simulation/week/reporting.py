"""Reporting (M5, M7, M13, M15): who gives what to whom.

Every seizure is a lead on a network, and now and then it reveals the route. One draw for each
seizure decides, against each partner's chance to be told, who may have both; the hub lets them
out after the delay of the channel. The evidence itself has to be requested once the lead is
known, and waits for legal assistance. Parties of a joint task force tell each other at once.
Writing an item up costs officers' time.
"""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.agencies.intelligence import TIP, Items
from tocsin.simulation.notes import Notes
from tocsin.simulation.recording.events import seizure_id
from tocsin.simulation.world import World


def tell(
    world: World, notes: Notes, recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> None:
    """What each partner will have of the n seizures of the week.

    `recipients` is bool[n, A], `weeks` int64[n], in which the hub lets each out, 0 for never.
    """
    if world.parameters.channels.shared_evidence:
        _send_evidence(world, notes, recipients, weeks)
    _tip(world, notes, recipients, weeks)


def _send_evidence(
    world: World, notes: Notes, recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> None:
    """Partners hear of a seizure when the hub lets it out, and request the evidence then."""
    found, rules = notes.found, world.parameters.investigation
    world.hub.tell(weeks, recipients, found.agency)
    requests, waiting = world.cases.send(
        world.week, weeks, recipients, found.agency, found.network,
        world.roster.between(world.law.compatibility, 1.0),
        notes.skill, world.parameters.legal.mla_weeks, rules,
    )  # fmt: skip
    notes.count("assistance_requests", requests)
    notes.count("assistance_weeks", waiting)


def _tip(
    world: World, notes: Notes, recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> None:
    """Some seizures reveal a route: the agency knows it, and partners may come to know it."""
    items, knows = _revealed(world, notes, recipients, weeks)
    if len(items) == 0:
        return
    for row in range(len(items)) if world.task_forces.teams else ():
        origin, network = items.routes[row, :2].tolist()
        knows[row, world.task_forces.partners(origin, network)] = True
    world.picture.receive(items, knows, TIP)
    if world.parameters.channels.shared_tips:
        world.hub.accept(items)
    for item in items if world.log.on else ():
        agency, name = item.origin, world.networks.name_in(item.network, item.seen)
        world.log.record(item.tip, world.week, "tip", world.roster.ids[agency],
                         country=world.roster.codes[agency], network=name,
                         cause=seizure_id(item.key))  # fmt: skip


def _revealed(
    world: World, notes: Notes, recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> tuple[Items, NDArray[np.bool_]]:
    """Routes that seizures reveal, right or wrong, and who knows of them at once. [n, A]"""
    found, rules, lanes = notes.found, world.parameters.intelligence, world.trade.lanes
    size, agencies = recipients.shape
    tips, routes = np.empty(size, dtype=np.uint64), np.empty((size, 5), dtype=np.int64)
    until = np.empty(size, dtype=np.int64)
    told, knows = np.empty((size, agencies), dtype=bool), np.empty((size, agencies), dtype=bool)
    count = kernels.reveal(
        world.streams.keys("disclosure", "accuracy", "wrong route"), found.key, found.agency,
        found.network, found.lane, weeks, recipients, world.networks.active, world.networks.modus,
        rules.disclosure, notes.skill, rules.accuracy, lanes.network, lanes.start, lanes.end, tips,
        routes, until, told, knows,
    )  # fmt: skip
    return Items("tip", world.week, tips[:count], routes[:count], told[:count], until[:count],
                 lanes.place_sector), knows[:count]  # fmt: skip


def tell_teams(world: World, notes: Notes) -> None:
    """Parties of a task force have the evidence of a seizure in the next week, as if their own."""
    teams, found = world.task_forces, notes.found
    if not teams.teams:
        return
    output = teams.output(world.parameters.cooperation)
    worth = notes.skill.tolist()
    for origin, network in zip(found.agency.tolist(), found.network.tolist(), strict=True):
        if network in teams.teams:
            partners = teams.partners(origin, network)
            world.cases.evidence[partners, network] += worth[origin] * output
