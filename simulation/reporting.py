"""Reporting (M5, M7, M13, M15): who gives what to whom.

Every seizure is a lead on a network, and now and then it reveals the route. One draw for each
seizure decides, against each partner's chance to be told, who may have both; the hub lets them
out after the delay of the channel. The evidence itself has to be requested once the lead is
known, and waits for legal assistance. Parties of a joint task force tell each other at once.
Writing an item up costs officers' time.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.analysis import predict
from simulation.events import seizure_id
from simulation.intelligence import TIP, Items

if TYPE_CHECKING:
    from simulation.model import BorderModel


def report(model: "BorderModel") -> None:
    """Agencies write up what they found; willing members give it to the hub."""
    found, coordinator = model.found, model.coordinator
    size, countries = found.key.size, len(model.codes)
    recipients = np.empty((size, countries), dtype=bool)
    weeks = np.empty(size, dtype=np.int64)
    model.writing = np.empty(countries)
    shared, sooner = kernels.share(
        model.streams.keys("share", "read", "liaison"), model.week, found.key, found.country,
        found.network, model.networks.active, model.sharing(),
        model.parameters.intelligence.interoperability, coordinator.liaison_share(),
        *coordinator.channel_weeks(), model.parameters.cooperation.item_effort, recipients, weeks,
        model.writing,
    )  # fmt: skip
    model.count("items_shared", shared)
    model.count("items_by_liaison", sooner)
    if model.parameters.channels.shared_evidence:
        _send_evidence(model, recipients, weeks)
    _tip(model, recipients, weeks)
    predict(model, recipients, weeks)
    if model.task_forces.teams:
        _tell_teams(model)


def _send_evidence(
    model: "BorderModel", recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> None:
    """Partners hear of a seizure when the hub lets it out, and request the evidence then."""
    found, rules = model.found, model.parameters.investigation
    model.hub.tell(weeks, recipients, found.country)
    requests, waiting = model.cases.send(
        model.week, weeks, recipients, found.country, found.network, model.law.compatibility,
        model.skill, model.parameters.legal.mla_weeks, rules,
    )  # fmt: skip
    model.count("assistance_requests", requests)
    model.count("assistance_weeks", waiting)


def _tip(model: "BorderModel", recipients: NDArray[np.bool_], weeks: NDArray[np.int64]) -> None:
    """Some seizures reveal a route: the agency knows it, and partners may come to know it."""
    items, knows = _revealed(model, recipients, weeks)
    if len(items) == 0:
        return
    for row in range(len(items)) if model.task_forces.teams else ():
        origin, network = items.routes[row, :2].tolist()
        knows[row, model.task_forces.partners(origin, network)] = True
    model.picture.receive(items, knows, TIP)
    if model.parameters.channels.shared_tips:
        model.hub.accept(items)
    for item in items if model.log.on else ():
        code, name = model.codes[item.origin], model.networks.name_in(item.network, item.seen)
        model.log.record(item.tip, model.week, "tip", code, country=code, network=name,
                         cause=seizure_id(item.key))  # fmt: skip


def _revealed(
    model: "BorderModel", recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> tuple[Items, NDArray[np.bool_]]:
    """Routes that seizures reveal, right or wrong, and who knows of them at once. [n, C]"""
    found, rules, lanes = model.found, model.parameters.intelligence, model.trade.lanes
    size, countries = recipients.shape
    tips, routes = np.empty(size, dtype=np.uint64), np.empty((size, 5), dtype=np.int64)
    until = np.empty(size, dtype=np.int64)
    told, knows = np.empty((size, countries), dtype=bool), np.empty((size, countries), dtype=bool)
    count = kernels.reveal(
        model.streams.keys("disclosure", "accuracy", "wrong route"), found.key, found.country,
        found.network, found.lane, weeks, recipients, model.networks.active, model.networks.modus,
        rules.disclosure, model.skill, rules.accuracy, lanes.network, lanes.start, lanes.end, tips,
        routes, until, told, knows,
    )  # fmt: skip
    return Items("tip", model.week, tips[:count], routes[:count], told[:count], until[:count],
                 lanes.place_sector), knows[:count]  # fmt: skip


def _tell_teams(model: "BorderModel") -> None:
    """Parties of a task force have the evidence of a seizure in the next week, as if their own."""
    teams, found = model.task_forces, model.found
    output = teams.output(model.parameters.cooperation)
    worth = model.skill.tolist()
    for origin, network in zip(found.country.tolist(), found.network.tolist(), strict=True):
        if network in teams.teams:
            partners = teams.partners(origin, network)
            model.cases.evidence[partners, network] += worth[origin] * output
