"""Advocacy and awareness (M17): tips from the public, and political will.

An aware public reports what it sees: a network at one place, as often wrong as right. Awareness
also carries political will, and with it ratification and cooperation. It builds up slowly and
fades.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import kernels
from simulation.budget import effect
from simulation.elementary import kept
from simulation.intelligence import PUBLIC, Items, public_id
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
        self.level += (1 - kept(rules.advocacy_half_life_weeks)) * (goal - self.level)

    def will(self, usual: NDArray[np.float64], rules: Governance) -> NDArray[np.float64]:
        """Political will in force. [C]"""
        if self.level == 0:
            return usual
        return usual + (1 - usual) * rules.will_gain * self.level


def public_tips(model: "BorderModel") -> None:
    """People tell their own agency of what passes near them; rarely, and not always rightly."""
    rules = model.parameters.governance
    usual = rules.public_tips_per_year / YEAR
    aware = 1 + (rules.public_tips_most - 1) * model.awareness.level
    tips = np.empty((int(len(model.codes) * (usual * aware + 1)), 3), dtype=np.int64)
    count = kernels.public_tips(
        model.streams.keys("public", "public place"), model.week, model.country_keys,
        model.place_owner, model.moved.passed, usual, aware, tips,
    )  # fmt: skip
    model.count("public_tips", count)
    for country, nth, place in tips[:count].tolist():
        _tip(model, country, nth, place)


def _tip(model: "BorderModel", country: int, nth: int, place: int) -> None:
    """One tip: a network at a place, as it is or mistaken for another one."""
    lanes, streams, week = model.trade.lanes, model.streams, model.week
    key = chained(model.country_keys[country : country + 1], nth)
    network = int(lanes.place_network[place])
    accuracy = model.parameters.governance.public_accuracy
    if streams.uniform("public accuracy", key, week)[0] > accuracy:
        awake = np.flatnonzero(model.networks.active)
        drawn = streams.uniform("public mistake", key, week)[0]
        network = int(awake[int(drawn * awake.size)]) if awake.size else network
    code = model.codes[country]
    model.log.record(
        public_id(week, code, nth), week, "public tip", "public", country=code,
        sector=model.sectors.ids[lanes.place_sector[place]], network=model.networks.names[network],
    )  # fmt: skip
    own = np.zeros((1, len(model.codes)), dtype=bool)
    own[0, country] = True
    route = (country, network, int(model.networks.modus[network]), place, place + 1)
    item = Items("public", week, np.array([nth], dtype=np.uint64),
                 np.array([route], dtype=np.int64), own, np.zeros(1, dtype=np.int64),
                 lanes.place_sector)  # fmt: skip
    model.picture.receive(item, item.recipients, PUBLIC)
