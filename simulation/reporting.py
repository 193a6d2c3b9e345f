"""Reporting (M5, M7, M13): who gives what to the hub.

Every seizure is evidence, and now and then it reveals the route. One draw for each seizure
decides, against each partner's chance to be told, who may have both; the hub lets them out after
the delay of the channel. Writing an item up costs officers' time.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.events import seizure_id
from simulation.intelligence import OWN, Item

if TYPE_CHECKING:
    from simulation.model import BorderModel


def report(model: "BorderModel") -> None:
    """Agencies write up what they found; willing members give it to the hub."""
    found, rules = model.found, model.parameters.intelligence
    origin, network = found.country, found.network
    given = model.cooperation.sharing()[origin] * model.networks.active[network][:, None]
    willing = given > model.streams.uniform("share", found.key)[:, None]
    countries = np.arange(len(model.codes))
    readable = model.streams.uniform("read", found.key[:, None], 0, countries)
    recipients = willing & (readable < rules.interoperability)
    shared = willing.any(axis=1)
    model.count("items_shared", int(shared.sum()))
    effort = model.parameters.cooperation.item_effort
    model.writing = effort * np.bincount(origin[shared], minlength=countries.size).astype(float)
    _send_evidence(model, recipients)
    skill = 0.5 + model.capacity.capability[origin]
    revealed = model.streams.uniform("disclosure", found.key) < rules.disclosure * skill
    for number in np.flatnonzero(revealed).tolist():
        if model.networks.active[network[number]]:
            _tip(model, number, recipients[number])


def _send_evidence(model: "BorderModel", recipients: NDArray[np.bool_]) -> None:
    """Partners will have the evidence of a seizure when the hub lets it out."""
    item, reader = np.nonzero(recipients)
    if item.size == 0 or not model.parameters.channels.shared_evidence:
        return
    origin, network = model.found.country[item], model.found.network[item]
    worth = (
        model.parameters.investigation.foreign_weight
        * model.cooperation.legal[origin, reader]
        * (0.5 + model.capacity.capability[origin])
    )
    parcel = np.zeros_like(model.cases.evidence)
    np.add.at(parcel, (reader, network), worth)
    model.cases.send(model.week + 1 + model.parameters.intelligence.delay_weeks, parcel)


def _tip(model: "BorderModel", seizure: int, recipients: NDArray[np.bool_]) -> None:
    """A seizure reveals a route: the agency knows it, and partners may come to know it."""
    found, lanes = model.found, model.trade.lanes
    origin, network = int(found.country[seizure]), int(found.network[seizure])
    key = found.key[seizure : seizure + 1]
    lane = int(found.lane[seizure])
    if model.streams.uniform("accuracy", key)[0] > model.parameters.intelligence.accuracy:
        own = lanes.of_network[network]
        wrong = model.streams.uniform("wrong route", key)[0]
        lane = own.start + int(wrong * (own.stop - own.start))
    tip = f"tip-{int(key[0]):016x}"
    model.log.record(
        tip, model.week, "tip", model.codes[origin], country=model.codes[origin],
        network=model.networks.names[network], cause=seizure_id(int(key[0])),
    )  # fmt: skip
    item = Item(
        tip, origin, network, lanes.place_sector[lanes.start[lane] : lanes.end[lane]],
        int(model.networks.modus[network]), model.week, recipients,
    )  # fmt: skip
    model.picture.receive(item, model.sectors.country == origin, OWN, tip)
    if recipients.any() and model.parameters.channels.shared_tips:
        model.coordinator.accept(item)
