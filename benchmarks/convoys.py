"""Meridian's own lanes and dangers, filled with as many shipments as wanted.

The movement benchmarks need the law, not the rest of the model: the lanes that networks use after
a year of the baseline, the danger at each place, and a stream of new shipments that keeps their
number where it is.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.simulation import kernels
from tocsin.simulation.mechanisms.networks.shipments import Lanes, Shipments
from tocsin.simulation.model import BorderModel
from tocsin.simulation.randomness import Streams, chained, keys_of

YEAR = 52
_NAME = keys_of(["stream"])


@dataclass(frozen=True)
class Law:
    """Lanes, the probability of seizure at each place [P], and how much uses each lane [L]."""

    lanes: Lanes
    danger: NDArray[np.float64]
    use: NDArray[np.float64]


@cache
def law() -> Law:
    """Meridian after a year."""
    model = BorderModel("baseline", rng=0, events=False)
    world = model.world
    seen: list[NDArray[np.float64]] = []
    move = world.shipments.move

    def watched(week: int, danger: NDArray[np.float64]) -> Any:
        seen[:] = [danger.copy()]
        return move(week, danger)

    world.shipments.move = watched
    for _ in range(YEAR):
        model.step()
    use = world.portfolios.share * world.portfolios.open
    return Law(
        world.trade.lanes,
        seen[0],
        use * world.trade.capacity[world.trade.lanes.line],
    )


@dataclass
class Stream:
    """Shipments whose number stays about the same: `birth` new ones a week, as networks launch.

    Attributes
    ----------
    law
        Where they go and what they meet.
    shipments
        Those under way, in the order of launch.
    week
        Weeks done.
    """

    law: Law
    birth: int
    shipments: Shipments
    week: int = 0

    @classmethod
    def settled(cls, law: Law, count: int) -> "Stream":
        """A stream with about `count` shipments under way after this week's launch."""
        trial = cls(law, 20_000, Shipments(law.lanes, Streams(1)))
        held = trial._settle()
        stream = cls(law, max(1, round(20_000 * count / held)), Shipments(law.lanes, Streams(1)))
        stream._settle()
        return stream

    def _settle(self) -> int:
        for _ in range(int(self.law.lanes.weeks.max()) + 2):
            self.pass_week()
        self.launch()
        return self.shipments.count

    def launch(self) -> None:
        """Begin a week: send new shipments off."""
        self.week += 1
        number, keys = self.by_lane
        _, _, amount = self.shipments.launch(self.week, self.birth, number, keys)
        amount[:] = self.weekly[1]

    @cached_property
    def by_lane(self) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """How many are launched on each lane each week, and the keys of the lanes."""
        number = np.bincount(self.weekly[0], minlength=self.law.use.size)
        return number, chained(_NAME, np.arange(number.size))

    @cached_property
    def weekly(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Lanes, in order, and amounts of each week's launch."""
        share = np.cumsum(self.law.use) / self.law.use.sum()
        lane = np.searchsorted(share, (np.arange(self.birth) + 0.5) / self.birth).astype(np.int32)
        return lane, 500 + np.arange(self.birth, dtype=np.int64) % 1000

    def pass_week(self) -> None:
        """Launch and move."""
        self.launch()
        self.shipments.move(self.week, self.law.danger)

    def in_route_order(self) -> None:
        """Sort what is under way by lane, and on a lane by launch."""
        own, count = self.shipments, self.shipments.count
        order = np.lexsort((own.launched[:count], own.lane[:count]))
        for column in (own.key, own.lane, own.place, own.launched, own.amount):
            column[:count] = column[:count][order]


STATE, COUNTS, SEIZED = slice(3, 8), slice(13, 17), slice(17, 22)  # of the kernel's arguments


def arguments(stream: Stream) -> list[Any]:
    """What the kernel is given when the stream moves; the stream itself does not move.

    Columns are cut to the shipments that are there.
    """
    own = deepcopy(stream.shipments)
    given = calls_of(["move"], lambda: own.move(stream.week, stream.law.danger))["move"][0]
    for part in (STATE, SEIZED):
        given[part] = [column[: given[2]].copy() for column in given[part]]
    return given


def calls_of(names: Iterable[str], work: Callable[[], object]) -> dict[str, list[list[Any]]]:
    """Copies of what kernels are given, by name and call by call, while `work` is done."""
    real = {name: getattr(kernels, name) for name in names}
    seen: dict[str, list[list[Any]]] = {name: [] for name in real}

    def spy(name: str, *given: Any) -> Any:
        seen[name].append(copied(given))
        return real[name](*given)

    for name in real:
        setattr(kernels, name, partial(spy, name))
    try:
        work()
    finally:
        for name, kernel in real.items():
            setattr(kernels, name, kernel)
    return seen


def copied(given: Any) -> list[Any]:
    """The arguments of a call with arrays of their own."""
    return [one.copy() if isinstance(one, np.ndarray) else one for one in given]
