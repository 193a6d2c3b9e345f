"""What happens to people who are smuggled: they cross, are stopped, turned back, rescued, or die.

A group that officers find is stopped or turned back. A boat at an open coast may founder, the
more likely the more the network hides its crossings; where officers are about, more are saved.
Persons are counted by themselves: never weighed, never added to goods.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation.elementary import exp
from simulation.grid import SEA
from simulation.parameters import Parameters
from simulation.shipments import Seizures

if TYPE_CHECKING:
    from simulation.model import BorderModel

OUTCOMES = ("stopped", "turned_back", "rescued", "died")


class Smuggled:
    """What may happen to those who are smuggled, by commodity number.

    Attributes
    ----------
    persons
        bool[K], whether the commodity is persons.
    wreck
        float64[K], probability that a boat founders at an open coast.
    drowned, turned_back
        float64[K], share of the shipwrecked who die where no officers are about, and of the
        groups that are found which are turned back.
    anybody, by_boat
        Whether persons are smuggled at all, and whether a boat may founder.
    """

    def __init__(self, names: tuple[str, ...], parameters: Parameters) -> None:
        self._names = names
        self.update(parameters)

    def update(self, parameters: Parameters) -> None:
        """Take over changed levers."""
        goods = [parameters.commodities[name] for name in self._names]
        self.persons = np.array([good.unit == "persons" for good in goods], dtype=bool)
        self.wreck = np.array([good.wreck for good in goods], dtype=float) * self.persons
        self.drowned = np.array([good.drowned for good in goods], dtype=float)
        self.turned_back = np.array([good.turned_back for good in goods], dtype=float)
        self.anybody = bool(self.persons.any())
        self.by_boat = bool(self.wreck.any())


def wreck_chance(model: "BorderModel") -> NDArray[np.float64] | None:
    """Probability that a boat founders at each place [P]; None if nobody is smuggled by boat."""
    if not model.smuggled.by_boat:
        return None
    lanes = model.trade.lanes
    at_sea = (model.sectors.neighbour == SEA)[lanes.place_sector]
    of_lane = model.smuggled.wreck[model.trade.lane_commodity]
    hiding = model.race.concealment[lanes.place_network]
    return np.minimum(
        of_lane[lanes.place_lane] * at_sea * hiding, model.parameters.detection.wreck_most
    )


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
    share = model.smuggled.drowned[good] * exp(-model.patrols.effort[sector])
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
    found, smuggled = model.found, model.smuggled
    if not smuggled.anybody:
        return
    persons = smuggled.persons[found.commodity]
    share = smuggled.turned_back[found.commodity]
    back = model.streams.uniform("turned back", found.key, model.week) < share
    for outcome, chosen in (("turned_back", persons & back), ("stopped", persons & ~back)):
        _count(model, found.commodity[chosen], found.amount[chosen], outcome)


def hold(model: "BorderModel", good: NDArray[np.int64], amount: NDArray[np.int64]) -> None:
    """Groups that are taken on their way by a shock are stopped."""
    persons = model.smuggled.persons[good]
    _count(model, good[persons], amount[persons], "stopped")


def _count(
    model: "BorderModel", good: NDArray[np.int64], persons: NDArray[np.int64], outcome: str
) -> None:
    for number, amount in zip(good.tolist(), persons.tolist(), strict=True):
        model.count(f"persons_{outcome}[{model.trade.commodities[number]}]", amount)
