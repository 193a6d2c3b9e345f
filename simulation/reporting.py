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

from simulation.analysis import predict
from simulation.events import seizure_id
from simulation.intelligence import OWN, Item

if TYPE_CHECKING:
    from simulation.model import BorderModel


def report(model: "BorderModel") -> None:
    """Agencies write up what they found; willing members give it to the hub."""
    found, rules = model.found, model.parameters.intelligence
    origin, network = found.country, found.network
    given = model.sharing()[origin] * model.networks.active[network][:, None]
    willing = given > model.streams.uniform("share", found.key)[:, None]
    countries = np.arange(len(model.codes))
    readable = model.streams.uniform("read", found.key[:, None], 0, countries)
    recipients = willing & (readable < rules.interoperability)
    shared = willing.any(axis=1)
    model.count("items_shared", int(shared.sum()))
    effort = model.parameters.cooperation.item_effort
    model.writing = effort * np.bincount(origin[shared], minlength=countries.size).astype(float)
    weeks = model.week + 1 + model.coordinator.channel_weeks(found.key)
    model.count(
        "items_by_liaison", int((shared & (weeks < model.week + 1 + rules.delay_weeks)).sum())
    )
    if model.parameters.channels.shared_evidence:
        _send_evidence(model, recipients, weeks)
    skill = 0.5 + model.capacity.capability[origin]
    revealed = model.streams.uniform("disclosure", found.key) < rules.disclosure * skill
    tips = np.flatnonzero(revealed & model.networks.active[network])
    named = _lanes_named(model, tips)
    for number, lane in zip(tips.tolist(), named.tolist(), strict=True):
        _tip(model, number, lane, recipients[number], int(weeks[number]))
    predict(model, recipients, weeks)
    if model.task_forces.teams:
        for number in np.flatnonzero(np.isin(network, list(model.task_forces.teams))).tolist():
            _tell_team(model, number)


def _send_evidence(
    model: "BorderModel", recipients: NDArray[np.bool_], weeks: NDArray[np.int64]
) -> None:
    """Partners hear of a seizure when the hub lets it out, and request the evidence then."""
    item, reader = np.nonzero(recipients)
    if item.size == 0:
        return
    origin, network = model.found.country[item], model.found.network[item]
    released = weeks[item]
    rules = model.parameters.investigation
    worth = model.law.compatibility[origin, reader] * (0.5 + model.capacity.capability[origin])
    model.hub.tell(released, reader, origin)
    model.cases.send(model.week, released, reader, network, rules.foreign_weight * worth)
    assistance = model.law.assistance_weeks(model.parameters.legal)[origin, reader]
    model.cases.send(model.week, released + assistance, reader, network, rules.court_weight * worth)
    model.count("assistance_requests", item.size)
    model.count("assistance_weeks", int(assistance.sum()))


def _lanes_named(model: "BorderModel", seizures: NDArray[np.intp]) -> NDArray[np.intp]:
    """The route that each seizure seems to reveal: its own, or by mistake any of the network's."""
    found, lanes = model.found, model.trade.lanes
    key, lane = found.key[seizures], found.lane[seizures].astype(np.intp)
    wrong = model.streams.uniform("accuracy", key) > model.parameters.intelligence.accuracy
    drawn = model.streams.uniform("wrong route", key)
    for at in np.flatnonzero(wrong).tolist():
        own = lanes.of_network[found.network[seizures[at]]]
        lane[at] = own.start + int(drawn[at] * (own.stop - own.start))
    return lane


def _tip(
    model: "BorderModel", seizure: int, lane: int, recipients: NDArray[np.bool_], released: int
) -> None:
    """A seizure reveals a route: the agency knows it, and partners may come to know it."""
    found, lanes = model.found, model.trade.lanes
    origin, network = int(found.country[seizure]), int(found.network[seizure])
    key = int(found.key[seizure])
    tip = f"tip-{key:016x}"
    model.log.record(
        tip, model.week, "tip", model.codes[origin], country=model.codes[origin],
        network=model.networks.names[network], cause=seizure_id(key),
    )  # fmt: skip
    item = Item(
        tip, key, origin, network, lanes.place_sector[lanes.start[lane] : lanes.end[lane]],
        int(model.networks.modus[network]), model.week, recipients,
    )  # fmt: skip
    model.picture.receive(item, model.sectors.country == origin, OWN, tip)
    team = model.task_forces.partners(origin, network)
    if team.size:
        model.picture.receive(item, np.isin(model.sectors.country, team), origin, tip)
    if recipients.any() and model.parameters.channels.shared_tips:
        model.hub.accept(item, released)


def _tell_team(model: "BorderModel", seizure: int) -> None:
    """Parties of a task force have the evidence of a seizure in the next week, as if their own."""
    origin, network = int(model.found.country[seizure]), int(model.found.network[seizure])
    partners = model.task_forces.partners(origin, network)
    worth = 0.5 + model.capacity.capability[origin]
    output = model.task_forces.output(model.parameters.cooperation)
    model.cases.evidence[partners, network] += worth * output
