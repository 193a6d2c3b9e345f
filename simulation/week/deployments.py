"""Deployments (M16): rapid response units are sent off, stand at their sector, and find goods."""

import numpy as np
from tocsin.simulation.mechanisms.agencies.intelligence import Item
from tocsin.simulation.mechanisms.cooperation.budget import RESPONSE
from tocsin.simulation.mechanisms.cooperation.response import Deployment
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def send(world: World, notes: Notes, item: Item, sector: int) -> None:
    """Send a unit to a sector for the network that released news names."""
    rules, week = world.parameters.operations, world.week
    arrives = week + rules.response_lead_weeks
    unit = Deployment(sector, item.network, f"release-{item.tip}", arrives,
                      arrives + rules.response_stay_weeks)  # fmt: skip
    world.units.deployed.append(unit)
    notes.count("deployments", 1)
    code = world.codes[world.sectors.country[sector]]
    name, place = world.networks.names[item.network], world.sectors.ids[sector]
    world.log.record(f"unit-{week}-{place}", week, "deployment", "IGO", country=code,
                     sector=place, network=name, cause=unit.news)  # fmt: skip


def reinforce(world: World, notes: Notes) -> None:
    """A unit adds officers to its sector and a watch for the network that it came for."""
    rules = world.parameters
    for unit in world.units.on_the_spot(world.week):
        density = rules.operations.unit_officers / world.sectors.length_km[unit.sector]
        world.patrols.effort[unit.sector] += density / rules.detection.reference_density
        notes.watch_list[unit.sector, unit.network] = True


def credit(world: World, notes: Notes) -> None:
    """Note seizures where units stand."""
    places = [unit.sector for unit in world.units.on_the_spot(world.week)]
    if places:
        made = int(np.isin(notes.found.sector, places).sum())
        notes.count("interdictions_by_units", made)
        world.budget.earn(RESPONSE, made)
