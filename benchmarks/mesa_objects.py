"""The law of movement and detection with an object for every shipment, as Mesa's users write it.

Each shipment is a `mesa.Agent` that steps once a week; checkpoints are objects too. Lanes, dangers
and the weekly launches are those of the arrays; the luck is Mesa's own, so counts agree on
average and not one by one.
"""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

import mesa

from benchmarks.convoys import Law, Stream, law
from benchmarks.figures import Figure, ratio

SIZES = (10_000, 100_000)
WEEKS, ARRAY_WEEKS = 7, 20


@dataclass
class Checkpoint:
    """A place on a lane."""

    reach: int
    danger: float
    passed: int = 0
    passed_amount: int = 0


@dataclass
class Way:
    """A lane."""

    checkpoints: list[Checkpoint]
    weeks: int
    delivered: int = 0
    delivered_amount: int = 0


class Shipment(mesa.Agent):
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
    """As many shipments as a stream holds, and as many new ones a week."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(rng=1)
        lanes = stream.law.lanes
        places = [Checkpoint(reach, danger) for reach, danger in
                  zip(lanes.reach.tolist(), stream.law.danger.tolist(), strict=True)]  # fmt: skip
        self.ways = [Way(places[start:end], weeks) for start, end, weeks in
                     zip(lanes.start.tolist(), lanes.end.tolist(), lanes.weeks.tolist(),
                         strict=True)]  # fmt: skip
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
        self.agents.do("step")


def measure() -> list[Figure]:
    """A ratio a size."""
    return [compared(law(), size) for size in SIZES]


def compared(rules: Law, size: int) -> Figure:
    """In turns: a week of objects, many weeks of arrays; each side is warm, as it is in a run."""
    stream = Stream.settled(rules, size)
    model = ObjectModel(stream)
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
    return Figure(f"10^{power} shipments", ratio(objects, arrays), "x",
                  f"{1e3 * median(arrays):.2f} ms a week",
                  f"Mesa: {1e3 * median(objects):.0f} ms")  # fmt: skip
