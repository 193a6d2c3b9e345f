"""Movement: shipments move, are exposed, seized, wrecked or delivered."""

import numpy as np
from tocsin.simulation import kernels
from tocsin.simulation.notes import Notes
from tocsin.simulation.recording.events import Found
from tocsin.simulation.week import crossing, details
from tocsin.simulation.world import SAFE, World


def move(world: World, notes: Notes) -> None:
    """Everything under way moves through a week."""
    seized = world.danger()
    wrecked = crossing.wreck_chance(world)
    taken = seized if wrecked is None else np.minimum(seized + wrecked, 1 - SAFE)
    if world.details is not None:
        under_way, count = world.shipments, world.shipments.count
        world.details.before(
            under_way.key[:count], under_way.lane[:count], under_way.amount[:count]
        )
    notes.moved = world.shipments.move(world.week, taken)
    notes.taken = notes.moved.seizures.key
    kernels.hand_over(world.trade.lane_commodity, world.portfolios.open,
                      notes.moved.delivered_amount, notes.goods.lost,
                      notes.goods.delivered)  # fmt: skip
    if wrecked is not None:
        notes.moved.seizures = crossing.part_wrecks(
            world, notes, notes.moved.seizures, seized, wrecked
        )
    _note_seizures(world, notes)
    crossing.stop(world, notes)
    details.deliveries(world, notes)


def _note_seizures(world: World, notes: Notes) -> None:
    """Seizures of the week in columns, and in the log."""
    moved, trade = notes.moved.seizures, world.trade
    number = moved.key.size
    sector = np.empty(number, dtype=np.int32)
    network, commodity, country = np.empty((3, number), dtype=np.int64)
    kernels.note(
        moved.place, moved.lane, moved.amount, trade.lanes.place_sector, trade.lanes.network,
        trade.lane_commodity, world.sectors.country, sector, network, commodity, country,
        notes.goods.seized_by,
    )  # fmt: skip
    causes: dict[int, str] = {}
    if world.log.on:
        watched = np.flatnonzero(world.picture.watched[sector, network]).tolist()
        causes = {at: world.watches.ids[sector[at], network[at]] for at in watched}
    notes.found = Found(
        week=world.week, key=moved.key, country=country, agency=world.roster.at(sector, country),
        sector=sector, network=network, lane=moved.lane, commodity=commodity,
        amount=moved.amount, causes=causes,
        names=(world.codes, world.roster.ids, world.sectors.ids, tuple(world.networks.names),
               trade.commodities),
    )  # fmt: skip
    world.log.seizures(notes.found)
