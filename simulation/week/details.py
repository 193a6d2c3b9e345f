"""Details on request: deliveries and missed tips, put into the log."""

import numpy as np
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def deliveries(world: World, notes: Notes) -> None:
    """Log what has arrived: what is neither under way any more nor was taken."""
    known = world.details
    if known is None:
        return
    key, lane, amount = known.key, known.lane, known.amount
    left = world.shipments.key[: world.shipments.count]
    gone = ~np.isin(key, np.concatenate([left, notes.taken])) & world.portfolios.open[lane]
    lanes, trade = world.trade.lanes, world.trade
    for at in np.flatnonzero(gone).tolist():
        sector = int(lanes.place_sector[lanes.end[lane[at]] - 1])
        world.log.record(
            f"delivery-{int(key[at]):016x}", world.week, "delivery",
            world.networks.names[int(lanes.network[lane[at]])],
            country=world.codes[world.sectors.country[sector]],
            sector=world.sectors.ids[sector],
            network=world.networks.names[int(lanes.network[lane[at]])],
            commodity=trade.commodities[trade.lane_commodity[lane[at]]],
            amount=int(amount[at]),
        )  # fmt: skip
    known.passed.append(notes.moved.passed.copy())


def missed(world: World) -> None:
    """Log watches on received tips that led to nothing in time."""
    if world.details is None:
        return
    lanes = world.trade.lanes
    passed = np.sum(world.details.passed, axis=0)
    for sector, network in world.picture.expired.tolist():
        came_by = int(
            passed[(lanes.place_sector == sector) & (lanes.place_network == network)].sum()
        )
        watch = world.watches.ids[sector, network]
        agency = int(world.roster.sector_agency[sector])
        world.log.record(
            f"missed-{watch.removeprefix('watch-')}", world.week, "missed",
            world.roster.ids[agency], country=world.roster.codes[agency],
            sector=world.sectors.ids[sector],
            network=world.networks.names[network], amount=came_by, cause=watch,
        )  # fmt: skip
