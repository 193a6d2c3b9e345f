"""Shipments: many records that carry out, and do not decide.

A *lane* is one network's use of one candidate route for one commodity. All lanes of a run are
laid out once, with the checkpoints (border sectors) of each in a row, so that a week's danger is
one array with an entry for each place, and a shipment needs to know only its lane and its next
place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.geography.routes import RouteTable
from tocsin.simulation.randomness import Streams
from tocsin.simulation.state import Laid


@dataclass(frozen=True)
class Lanes(Laid):
    """Every network's candidate routes in arrays; L lanes, P places, B lines, N networks.

    Attributes
    ----------
    network, line, route, start, end, weeks
        int32[L]: who, in which line of trade, which route, first and last place (exclusive),
        weeks to the market.
    effort_km
        float64[L].
    market
        int32[L], number of the market.
    of_network, of_line
        slice of lanes of each network, and of each line.
    place_lane, place_sector, place_network, reach
        int32[P]; `reach` counts weeks since launch.
    weight
        float64[P], visibility of the place.
    entered, passed
        bool[L, C]: the lane enters the country on its way; it passes through or starts there.
    left_at
        int32[L, C]: number of checkpoints behind a shipment that has left the country for good.
    """

    network: NDArray[np.int32]
    line: NDArray[np.int32]
    route: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    weeks: NDArray[np.int32]
    effort_km: NDArray[np.float64]
    market: NDArray[np.int32]
    of_network: tuple[slice, ...]
    of_line: tuple[slice, ...]
    place_lane: NDArray[np.int32]
    place_sector: NDArray[np.int32]
    place_network: NDArray[np.int32]
    reach: NDArray[np.int32]
    weight: NDArray[np.float64]
    entered: NDArray[np.bool_]
    passed: NDArray[np.bool_]
    left_at: NDArray[np.int32]

    @classmethod
    def lay_out(
        cls,
        table: RouteTable,
        choices: Sequence[Sequence[int]],
        line_network: NDArray[np.int64],
        speeds: Sequence[float],
        market_of: NDArray[np.int32],
        countries: int,
        sector_country: NDArray[np.int16],
    ) -> "Lanes":
        """Lay out the lanes of lines that may use the routes `choices[b]` at `speeds[b]`.

        `line_network` is int64[B] in ascending order, `market_of` is int32[routes],
        `sector_country` int16[S].
        """
        pairs = [(b, r) for b, own in enumerate(choices) for r in own]
        routes = [table.routes[r] for _, r in pairs]
        lengths = np.array([route.sector.size for route in routes], dtype=np.int32)
        end = np.cumsum(lengths, dtype=np.int32)
        line = np.array([b for b, _ in pairs], dtype=np.int32)
        network = line_network[line].astype(np.int32)
        speed = np.array([speeds[b] for b, _ in pairs])
        effort = np.array([route.effort_km for route in routes])
        at = np.concatenate([route.effort_at for route in routes])
        bounds = np.searchsorted(line, np.arange(len(choices) + 1))
        networks = np.searchsorted(network, np.arange(int(line_network.max()) + 2))
        number = np.arange(len(pairs), dtype=np.int32)
        place_lane, place_sector = (
            np.repeat(number, lengths),
            np.concatenate([route.sector for route in routes]),
        )
        crossed = [route.countries for route in routes]
        lane = np.repeat(number, [len(countries) for countries in crossed])
        passed = np.zeros((len(pairs), countries), dtype=bool)
        passed[lane, np.concatenate(crossed)] = True
        entered = passed.copy()
        entered[number, [countries[0] for countries in crossed]] = False
        left_at = np.zeros((len(pairs), countries), dtype=np.int32)
        step = np.arange(place_lane.size) - (end - lengths)[place_lane]
        np.maximum.at(left_at, (place_lane, sector_country[place_sector]), step + 1)
        return cls(
            network=network,
            line=line,
            route=np.array([r for _, r in pairs], dtype=np.int32),
            start=end - lengths,
            end=end,
            weeks=np.floor(effort / speed).astype(np.int32),
            effort_km=effort,
            market=market_of[[r for _, r in pairs]],
            of_network=tuple(slice(*pair) for pair in pairwise(networks.tolist())),
            of_line=tuple(slice(*pair) for pair in pairwise(bounds.tolist())),
            place_lane=place_lane,
            place_sector=place_sector,
            place_network=np.repeat(network, lengths),
            reach=np.floor(at / np.repeat(speed, lengths)).astype(np.int32),
            weight=np.concatenate([route.weight for route in routes]),
            entered=entered,
            passed=passed,
            left_at=left_at,
        )

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The lanes of line b are ``first[b] .. first[b + 1] - 1``. [B + 1]"""
        return np.array([0, *(own.stop for own in self.of_line)], dtype=np.int64)


@dataclass
class Seizures:
    """What was seized in one week, in columns of equal length."""

    key: NDArray[np.uint64]
    lane: NDArray[np.int32]
    place: NDArray[np.int32]
    launched: NDArray[np.int32]
    amount: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> "Seizures":
        """The chosen ones."""
        return Seizures(self.key[chosen], self.lane[chosen], self.place[chosen],
                        self.launched[chosen], self.amount[chosen])  # fmt: skip


@dataclass
class Week:
    """What moved in one week. Counts by place [P] and by lane [L]; amounts in smallest units."""

    passed: NDArray[np.int32]
    passed_amount: NDArray[np.int64]
    delivered: NDArray[np.int32]
    delivered_amount: NDArray[np.int64]
    seizures: Seizures


class Shipments:
    """All shipments under way, in columns whose first `count` entries are in use."""

    def __init__(self, lanes: Lanes, streams: Streams, capacity: int = 4096) -> None:
        self.lanes = lanes
        self.count = 0
        self._streams = streams
        self._reserve(capacity)

    def _reserve(self, capacity: int) -> None:
        kinds = {"key": np.uint64, "lane": np.int32, "place": np.int32,
                 "launched": np.int32, "amount": np.int64}  # fmt: skip
        for name, kind in kinds.items():
            column = np.zeros(capacity, dtype=kind)
            column[: self.count] = getattr(self, name, column)[: self.count]
            setattr(self, name, column)
        self._seized: list[Any] = [np.zeros(capacity, dtype=kind) for kind in kinds.values()]

    key: NDArray[np.uint64]
    lane: NDArray[np.int32]
    place: NDArray[np.int32]
    launched: NDArray[np.int32]
    amount: NDArray[np.int64]

    def launch(
        self, week: int, count: int, number: NDArray[np.int64], keys: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]:
        """Send off `count` new shipments: ``number[l]`` on each lane, whose key is ``keys[l]``.

        Returns
        -------
        Their keys, their lanes, and their amounts, which are still to be filled in.
        """
        needed = self.count + count
        if needed > self.key.size:
            self._reserve(max(needed, 2 * self.key.size))
        new = slice(self.count, needed)
        self.count = needed
        key, lane = self.key[new], self.lane[new]
        kernels.send_off(week, number, self.lanes.start, keys, key, lane, self.place[new],
                         self.launched[new])  # fmt: skip
        return key, lane, self.amount[new]

    def move(self, week: int, danger: NDArray[np.float64]) -> Week:
        """Move everything through one week.

        Parameters
        ----------
        week
            The present week.
        danger
            float64[P], probability of seizure at each place, below 1.
        """
        places, lanes = self.lanes.reach.size, self.lanes.start.size
        threshold = np.empty(places, np.uint32)
        kernels.thresholds(danger, threshold)
        passed, passed_amount = np.zeros(places, np.int32), np.zeros(places, np.int64)
        delivered, delivered_amount = np.zeros(lanes, np.int32), np.zeros(lanes, np.int64)
        self.count, caught = kernels.move(
            self._streams.key("detection"), week, self.count,
            self.key, self.lane, self.place, self.launched, self.amount,
            self.lanes.start, self.lanes.end, self.lanes.weeks, self.lanes.reach, threshold,
            passed, passed_amount, delivered, delivered_amount, *self._seized,
        )  # fmt: skip
        seizures = Seizures(*[column[:caught].copy() for column in self._seized])
        return Week(passed, passed_amount, delivered, delivered_amount, seizures)

    def state(self) -> dict[str, NDArray[Any]]:
        """What is under way, without the room for more."""
        columns = ("key", "lane", "place", "launched", "amount")
        return {name: getattr(self, name)[: self.count] for name in columns}

    def remove(self, chosen: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Take shipments off the map; `chosen` has an entry for each one under way.

        Returns
        -------
        Lanes and amounts of what was removed.
        """
        gone = self.lane[: self.count][chosen], self.amount[: self.count][chosen]
        left = int((~chosen).sum())
        for column in (self.key, self.lane, self.place, self.launched, self.amount):
            column[:left] = column[: self.count][~chosen]
        self.count = left
        return gone

    def amount_by_lane(self) -> NDArray[np.int64]:
        """int64[L], amounts under way."""
        total = np.zeros(self.lanes.start.size, dtype=np.int64)
        np.add.at(total, self.lane[: self.count], self.amount[: self.count])
        return total
