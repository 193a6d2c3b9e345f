"""Covert control of virtual markets (M20): what the police see there, and what it leaves."""

import numpy as np
from tocsin.simulation.geography.modes.virtual import hosts
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def evidence(world: World, notes: Notes) -> None:
    """Sales on markets under covert control are evidence in the hands of the host."""
    lanes, taken_over = world.trade.lanes, world.treatments.taken_over
    if not np.count_nonzero(taken_over):
        return
    sold = np.flatnonzero(taken_over[lanes.market] & (notes.moved.delivered > 0))
    if sold.size == 0:
        return
    host = world.roster.sector_agency[lanes.place_sector[lanes.start[sold]]]
    worth = world.parameters.investigation.covert_yield * notes.moved.delivered[sold]
    np.add.at(world.cases.evidence, (host, lanes.network[sold]), worth)
    notes.count("covert_sales", int(notes.moved.delivered[sold].sum()))


def spoil_trust(world: World, market: int) -> None:
    """Covert control has ended: those who sold there fear the hosts of all markets."""
    lanes = world.trade.lanes
    sellers = np.unique(lanes.network[(lanes.market == market) & (world.portfolios.share > 0)])
    at = hosts(world.sectors)
    for network in sellers.tolist():
        world.beliefs.alarm(network, at, world.parameters.investigation.spoiled_trust)
