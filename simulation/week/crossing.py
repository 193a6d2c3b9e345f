"""People on their way: boats founder, some are saved, groups are stopped or turned back."""

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation.elementary import exp
from tocsin.simulation.geography.grid import SEA
from tocsin.simulation.mechanisms.networks.shipments import Seizures
from tocsin.simulation.notes import Notes
from tocsin.simulation.world import World


def wreck_chance(world: World) -> NDArray[np.float64] | None:
    """Probability that a boat founders at each place [P]; None if nobody is smuggled by boat."""
    if not world.smuggled.by_boat:
        return None
    lanes = world.trade.lanes
    at_sea = (world.sectors.neighbour == SEA)[lanes.place_sector]
    of_lane = world.smuggled.wreck[world.trade.lane_commodity]
    hiding = world.race.concealment[lanes.place_network]
    return np.minimum(
        of_lane[lanes.place_lane] * at_sea * hiding, world.parameters.detection.wreck_most
    )


def part_wrecks(
    world: World, notes: Notes, removed: Seizures, seizure: NDArray[np.float64],
    wreck: NDArray[np.float64],
) -> Seizures:  # fmt: skip
    """Part what was taken off the map into wrecks, which are settled here, and seizures.

    `seizure` and `wreck` are the chances at each place [P].
    """
    both = seizure[removed.place] + wreck[removed.place]
    drawn = world.streams.uniform("wreck", removed.key, world.week)
    foundered = drawn * both < wreck[removed.place]
    _save(world, notes, removed.only(foundered))
    return removed.only(~foundered)


def _save(world: World, notes: Notes, wrecks: Seizures) -> None:
    """Settle who dies and who is rescued: some die, the fewer the more officers are about."""
    if wrecks.key.size == 0:
        return
    from scipy.stats import binom  # a seventh of a run's memory, and most runs have no boats

    lanes = world.trade.lanes
    sector = lanes.place_sector[wrecks.place]
    good = world.trade.lane_commodity[wrecks.lane]
    share = world.smuggled.drowned[good] * exp(-world.patrols.effort[sector])
    drawn = world.streams.uniform("drowned", wrecks.key, world.week)
    died = binom.ppf(drawn, wrecks.amount, share).astype(np.int64)
    rescued = wrecks.amount - died
    np.add.at(notes.goods.lost, good, died)
    owner = world.sectors.country[sector]
    np.add.at(notes.goods.seized_by, (good, owner), rescued)
    _count(world, notes, good, died, "died")
    _count(world, notes, good, rescued, "rescued")
    for n in range(wrecks.key.size):
        agency = int(world.roster.sector_agency[sector[n]])
        world.log.record(
            f"wreck-{int(wrecks.key[n]):016x}", world.week, "wreck",
            world.roster.ids[agency], country=world.codes[owner[n]],
            sector=world.sectors.ids[sector[n]],
            network=world.networks.names[int(lanes.network[wrecks.lane[n]])],
            commodity=world.trade.commodities[good[n]], amount=int(died[n]),
        )  # fmt: skip


def stop(world: World, notes: Notes) -> None:
    """Groups that were found are stopped or turned back."""
    found, smuggled = notes.found, world.smuggled
    if not smuggled.anybody:
        return
    persons = smuggled.persons[found.commodity]
    share = smuggled.turned_back[found.commodity]
    back = world.streams.uniform("turned back", found.key, world.week) < share
    for outcome, chosen in (("turned_back", persons & back), ("stopped", persons & ~back)):
        _count(world, notes, found.commodity[chosen], found.amount[chosen], outcome)


def hold(world: World, notes: Notes, good: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
    """Groups that are taken on their way by a shock are stopped."""
    persons = world.smuggled.persons[good]
    _count(world, notes, good[persons], amount[persons], "stopped")


def _count(
    world: World, notes: Notes, good: NDArray[np.int64], persons: NDArray[np.int64], outcome: str
) -> None:
    for number, amount in zip(good.tolist(), persons.tolist(), strict=True):
        notes.count(f"persons_{outcome}[{world.trade.commodities[number]}]", amount)
