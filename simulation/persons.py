"""What happens to people who are smuggled: they cross, are stopped, turned back, rescued, or die.

A group that officers find is stopped or turned back. A boat at an open coast may founder, the
more likely the more the network hides its crossings; where officers are about, more are saved.
Persons are counted by themselves: never weighed, never added to goods.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.grid import SEA
from simulation.shipments import Seizures

if TYPE_CHECKING:
    from simulation.model import BorderModel

OUTCOMES = ("stopped", "turned_back", "rescued", "died")


def wreck_chance(model: "BorderModel") -> NDArray[np.float64] | None:
    """Probability that a boat founders at each place [P]; None if nobody is smuggled."""
    goods = [model.parameters.commodities[name] for name in model.trade.commodities]
    chance = np.array([good.wreck * (good.unit == "persons") for good in goods])
    if not chance.any():
        return None
    lanes = model.trade.lanes
    at_sea = (model.sectors.neighbour == SEA)[lanes.place_sector]
    of_lane = chance[model.trade.lane_commodity]
    hiding = model.race.concealment[lanes.place_network]
    return np.minimum(of_lane[lanes.place_lane] * at_sea * hiding, 0.9)


def part_wrecks(
    model: "BorderModel", removed: Seizures, seizure: NDArray[np.float64],
    wreck: NDArray[np.float64],
) -> Seizures:  # fmt: skip
    """Part what was taken off the map into wrecks, which are settled here, and seizures.

    `seizure` and `wreck` are the chances at each place [P].
    """
    both = seizure[removed.place] + wreck[removed.place]
    drawn = model.streams.uniform("wreck", removed.key, model.week)
    foundered = drawn * both < wreck[removed.place]
    _save(model, removed.only(foundered))
    return removed.only(~foundered)


def _save(model: "BorderModel", wrecks: Seizures) -> None:
    """Settle who dies and who is rescued: some die, the fewer the more officers are about."""
    if wrecks.key.size == 0:
        return
    from scipy.stats import binom  # a seventh of a run's memory, and most runs have no boats

    lanes = model.trade.lanes
    sector = lanes.place_sector[wrecks.place]
    good = model.trade.lane_commodity[wrecks.lane]
    share = np.array([model.parameters.commodities[n].drowned for n in model.trade.commodities])
    share = share[good] * np.exp(-model.patrols.effort[sector])
    drawn = model.streams.uniform("drowned", wrecks.key, model.week)
    died = binom.ppf(drawn, wrecks.amount, share).astype(np.int64)
    rescued = wrecks.amount - died
    np.add.at(model.goods.lost, good, died)
    owner = model.sectors.country[sector]
    np.add.at(model.goods.seized_by, (good, owner), rescued)
    _count(model, good, died, "died")
    _count(model, good, rescued, "rescued")
    for n in range(wrecks.key.size):
        code = model.codes[owner[n]]
        model.log.record(
            f"wreck-{int(wrecks.key[n]):016x}", model.week, "wreck", code, country=code,
            sector=model.sectors.ids[sector[n]],
            network=model.networks.names[int(lanes.network[wrecks.lane[n]])],
            commodity=model.trade.commodities[good[n]], amount=int(died[n]),
        )  # fmt: skip


def stop(model: "BorderModel") -> None:
    """Groups that were found are stopped or turned back."""
    found = model.found
    goods = [model.parameters.commodities[name] for name in model.trade.commodities]
    persons = np.array([good.unit == "persons" for good in goods])[found.commodity]
    if not persons.any():
        return
    share = np.array([good.turned_back for good in goods])[found.commodity]
    back = model.streams.uniform("turned back", found.key, model.week) < share
    for outcome, chosen in (("turned_back", persons & back), ("stopped", persons & ~back)):
        _count(model, found.commodity[chosen], found.amount[chosen], outcome)


def hold(model: "BorderModel", good: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
    """Groups that are taken on their way by a shock are stopped."""
    names = model.trade.commodities
    persons = np.array([model.parameters.commodities[name].unit == "persons" for name in names])
    _count(model, good[persons[good]], amount[persons[good]], "stopped")


def _count(
    model: "BorderModel", good: NDArray[np.int64], persons: NDArray[np.int64], outcome: str
) -> None:
    for number, amount in zip(good.tolist(), persons.tolist(), strict=True):
        model.count(f"persons_{outcome}[{model.trade.commodities[number]}]", amount)
