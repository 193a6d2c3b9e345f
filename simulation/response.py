"""Rapid response units (M16): a few, sent to fresh news, there after a lead time, for some weeks.

A unit brings officers to a sector of a member and watches for the network that the news names.
What is older than the rules call fresh moves nobody: rapid response lives on rapid exchange.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.budget import RESPONSE
from simulation.intelligence import Item, Items

if TYPE_CHECKING:
    from simulation.model import BorderModel


@dataclass(frozen=True)
class Deployment:
    """One unit under orders: where, for which network, on which news, from when to when."""

    sector: int
    network: int
    news: str
    arrives: int
    leaves: int


class ResponseUnits:
    """Units under orders; the others are free."""

    def __init__(self) -> None:
        self.deployed: list[Deployment] = []

    def send(self, model: "BorderModel", released: list[Items]) -> None:
        """Send free units where the freshest released news points, the busiest places first."""
        rules, week = model.parameters.operations, model.week
        self.deployed = [unit for unit in self.deployed if unit.leaves > week]
        units = int(model.coordinator.budget[RESPONSE] / model.parameters.costs.response_unit_musd)
        if len(self.deployed) >= units:
            return
        heat = model.patrols.heat
        for item in _freshest_first(released, week):
            if len(self.deployed) >= units or week - item.seen > rules.response_fresh_weeks:
                return
            if not model.networks.active[item.network]:
                continue
            taken = {unit.sector for unit in self.deployed}
            open_to = model.cooperation.members[model.sectors.country[item.sectors]]
            open_to &= item.sectors < model.borders
            places = [int(s) for s in item.sectors[open_to] if int(s) not in taken]
            if not places:
                continue
            sector = max(places, key=lambda s: (heat[s], -s))
            arrives = week + rules.response_lead_weeks
            unit = Deployment(sector, item.network, f"release-{item.tip}", arrives,
                              arrives + rules.response_stay_weeks)  # fmt: skip
            self.deployed.append(unit)
            model.count("deployments", 1)
            code = model.codes[model.sectors.country[sector]]
            name, place = model.networks.names[item.network], model.sectors.ids[sector]
            model.log.record(f"unit-{week}-{place}", week, "deployment", "IGO", country=code,
                             sector=place, network=name, cause=unit.news)  # fmt: skip

    def on_the_spot(self, week: int) -> list[Deployment]:
        """Units at work in this week."""
        return [unit for unit in self.deployed if unit.arrives <= week < unit.leaves]

    def reinforce(self, model: "BorderModel") -> None:
        """Units add officers to their sector and a watch for the network they came for."""
        rules = model.parameters
        for unit in self.on_the_spot(model.week):
            density = rules.operations.unit_officers / model.sectors.length_km[unit.sector]
            model.patrols.effort[unit.sector] += density / rules.detection.reference_density
            model.watch_list[unit.sector, unit.network] = True

    def forget(self, network: int) -> None:
        """A network has ended; units that were sent for it are free."""
        self.deployed = [unit for unit in self.deployed if unit.network != network]

    def credit(self, model: "BorderModel") -> None:
        """Note seizures where units stand."""
        places = [unit.sector for unit in self.on_the_spot(model.week)]
        if not places:
            return
        made = int(np.isin(model.found.sector, places).sum())
        model.count("interdictions_by_units", made)
        model.coordinator.budget.earn(RESPONSE, made)


def _freshest_first(released: list[Items], week: int) -> list[Item]:
    items = [lot.one(row) for lot in released for row in lot.due(week)]
    return sorted(items, key=lambda item: (-item.seen, item.tip))
