"""Advocacy and awareness (M17): tips from the public, and political will.

An aware public reports what it sees: a network at one place, as often wrong as right. Awareness
also carries political will, and with it ratification and cooperation. It builds up slowly and
fades.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.budget import effect
from simulation.intelligence import OWN, Item
from simulation.parameters import Governance
from simulation.randomness import chained

if TYPE_CHECKING:
    from simulation.model import BorderModel

YEAR = 52


class Awareness:
    """How much the public knows and cares, 0 to 1."""

    def __init__(self) -> None:
        self.level = 0.0

    def campaign(self, funds: float, rules: Governance) -> None:
        """One week; `funds` in million USD a year."""
        goal = effect(funds, rules.advocacy_half_musd)
        self.level += (1 - 0.5 ** (1 / rules.advocacy_half_life_weeks)) * (goal - self.level)

    def will(self, usual: NDArray[np.float64], rules: Governance) -> NDArray[np.float64]:
        """Political will in force. [C]"""
        if self.level == 0:
            return usual
        return usual + (1 - usual) * rules.will_gain * self.level


def public_tips(model: "BorderModel") -> None:
    """People tell their own agency of what passes near them; rarely, and not always rightly."""
    rules, lanes = model.parameters.governance, model.trade.lanes
    owner = model.sectors.country[lanes.place_sector]
    passed = model.moved.passed
    by_country = np.bincount(owner, passed, len(model.codes))
    if not by_country.any():
        return
    share = by_country / by_country[by_country > 0].mean()
    rate = rules.public_tips_per_year / YEAR * share
    rate = rate * (1 + (rules.public_tips_most - 1) * model.awareness.level)
    number = np.floor(rate + model.streams.uniform("public", model.country_keys, model.week))
    for country in np.flatnonzero(number).tolist():
        places = np.flatnonzero((owner == country) & (passed > 0))
        for nth in range(int(number[country])):
            _tip(model, country, places, nth)


def _tip(model: "BorderModel", country: int, places: NDArray[np.intp], nth: int) -> None:
    """One tip: a network at a place, as it is or mistaken for another one."""
    lanes, streams, week = model.trade.lanes, model.streams, model.week
    key = chained(model.country_keys[country : country + 1], nth)
    weight = np.cumsum(model.moved.passed[places])
    drawn = streams.uniform("public place", key, week)[0]
    place = int(places[np.searchsorted(weight, drawn * weight[-1])])
    network = int(lanes.place_network[place])
    awake = np.flatnonzero(model.networks.active)
    accuracy = model.parameters.governance.public_accuracy
    if awake.size and streams.uniform("public accuracy", key, week)[0] > accuracy:
        drawn = streams.uniform("public mistake", key, week)[0]
        network = int(awake[int(drawn * awake.size)])
    sector = int(lanes.place_sector[place])
    code = model.codes[country]
    tip = model.log.record(
        f"public-{week}-{code}-{nth}", week, "public tip", "public", country=code,
        sector=model.sectors.ids[sector], network=model.networks.names[network],
    )  # fmt: skip
    nobody = np.zeros(len(model.codes), dtype=bool)
    item = Item(tip, int(key[0]), country, network, lanes.place_sector[place : place + 1],
                int(model.networks.modus[network]), week, nobody)  # fmt: skip
    model.picture.receive(item, model.sectors.country == country, OWN, tip)
    model.count("public_tips", 1)
