"""The law of movement and detection with an object for everything, as Mesa's users write it.

Checkpoints are cells of Mesa's, connected along each lane; each shipment is an agent that lives
in them and steps once a week, in random order, as in Mesa's own examples. Lanes, dangers and the
weekly launches are those of the arrays; the luck is Mesa's own, so counts agree on average and not
one by one. The same without what the law does not need, cells that know who is in them and the
random order, is measured too.
"""

from dataclasses import dataclass
from itertools import pairwise
from random import Random
from statistics import median
from time import perf_counter

import mesa
from mesa.discrete_space import Cell, CellAgent

from benchmarks.convoys import Law, Stream, law
from benchmarks.figures import Figure, ratio

SIZES = (10_000, 100_000)
WEEKS, ARRAY_WEEKS = 7, 20


class Checkpoint(Cell):
    """A place on a lane."""

    def __init__(self, number: int, reach: int, danger: float, random: Random) -> None:
        super().__init__((number,), random=random)
        self.reach, self.danger = reach, danger
        self.passed = self.passed_amount = 0


@dataclass
class Way:
    """A lane."""

    checkpoints: list[Checkpoint]
    weeks: int
    delivered: int = 0
    delivered_amount: int = 0


class Shipment(CellAgent):
    """Moves on, meets checkpoints, is seized or delivered."""

    def __init__(self, model: "ObjectModel", way: Way, amount: int) -> None:
        super().__init__(model)
        self.way, self.amount = way, amount
        self.launched, self.place = model.week, 0

    def step(self) -> None:
        """One week."""
        way, age = self.way, self.model.week - self.launched
        while self.place < len(way.checkpoints):
            checkpoint = way.checkpoints[self.place]
            if checkpoint.reach > age:
                return
            if self.model.full:
                self.move_to(checkpoint)
            checkpoint.passed += 1
            checkpoint.passed_amount += self.amount
            if self.random.random() < checkpoint.danger:
                self.model.seized.append(self)
                self.remove()
                return
            self.place += 1
        if age >= way.weeks:
            way.delivered += 1
            way.delivered_amount += self.amount
            self.remove()


class ObjectModel(mesa.Model):
    """As many shipments as a stream holds, and as many new ones a week.

    `full` is with Mesa's cells and its random order, else without either.
    """

    def __init__(self, stream: Stream, full: bool) -> None:
        super().__init__(rng=1)
        self.full = full
        lanes = stream.law.lanes
        places = [Checkpoint(number, reach, danger, self.random) for number, (reach, danger) in
                  enumerate(zip(lanes.reach.tolist(), stream.law.danger.tolist(), strict=True))
                  ]  # fmt: skip
        self.ways = [Way(places[start:end], weeks) for start, end, weeks in
                     zip(lanes.start.tolist(), lanes.end.tolist(), lanes.weeks.tolist(),
                         strict=True)]  # fmt: skip
        for way in self.ways:
            for one, other in pairwise(way.checkpoints):
                one.connect(other)
        lane, amount = stream.weekly
        self.launches = list(zip(lane.tolist(), amount.tolist(), strict=True))
        self.seized: list[Shipment] = []
        self.week = 0
        for _ in range(int(lanes.weeks.max()) + 2):
            self.step()

    def step(self) -> None:
        """Launch and move."""
        self.week += 1
        self.seized.clear()
        for lane, amount in self.launches:
            Shipment(self, self.ways[lane], amount)
        if self.full:
            self.agents.shuffle_do("step")
        else:
            self.agents.do("step")


def measure() -> list[Figure]:
    """Two ratios a size."""
    return [compared(law(), size, full) for size in SIZES for full in (True, False)]


def compared(rules: Law, size: int, full: bool) -> Figure:
    """In turns: a week of objects, many weeks of arrays; each side is warm, as it is in a run."""
    stream = Stream.settled(rules, size)
    model = ObjectModel(stream, full)
    objects, arrays = [], []
    for _ in range(WEEKS):
        start = perf_counter()
        model.step()
        between = perf_counter()
        for _ in range(ARRAY_WEEKS):
            stream.pass_week()
        objects.append(between - start)
        arrays.append((perf_counter() - between) / ARRAY_WEEKS)
    power = len(str(size)) - 1
    without = "" if full else ", without cells and random order"
    return Figure(f"10^{power} shipments{without}", ratio(objects, arrays), "x",
                  f"{1e3 * median(arrays):.2f} ms a week",
                  f"Mesa: {1e3 * median(objects):.0f} ms")  # fmt: skip
