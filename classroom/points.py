"""Points: what the decisions of a year were worth to a seat, over several lucks.

One run says little about a decision: a good year may be luck. So the world is branched at the
start of the year and goes on for two years under other lucks, once with what all decided and once
with the levers of one seat as they were before. Both have the same lucks, so what differs is the
decision. The points are the mean gain over the lucks, in percent of the seat's own figures; where
their 95 % interval holds zero they cannot be told from luck.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from multiprocessing import parent_process

from tocsin.classroom.lesson import YEAR, Lesson, Seat
from tocsin.classroom.levers import Value
from tocsin.classroom.world import SharedWorld, changes_of
from tocsin.experiments.comparing.statistics import paired
from tocsin.experiments.running.stream import run_all
from tocsin.simulation.recording.indicators import indicator_of

AHEAD = 2  # years that a branch runs: training works late, and a neighbour needs time to answer
FEWEST = 6  # lucks; with fewer, not even gains that all point one way are beyond luck at 5 %
EACH = 2  # lucks in one job of a worker
MODEST = 10  # by how much workers give way to the pages
LEVEL = 0.05

Years = list[dict[str, dict[str, Value]]]
Figures = dict[str, float]


@dataclass(frozen=True)
class Branching:
    """A job: branch the world once for each luck and each way to go on.

    Attributes
    ----------
    before
        Decisions of the years before the branch.
    ways
        Decisions from there on, one list of years for each way; the last stay in force.
    years
        How many years every branch runs.
    lucks
        Numbers of the lucks, from 1.
    """

    lesson: Lesson
    before: Years
    ways: tuple[Years, ...]
    years: int
    lucks: tuple[int, ...]


@dataclass(frozen=True)
class Gain:
    """A gain by luck, its mean and the 95 % interval of the mean; NaN where it is undefined."""

    by_luck: tuple[float, ...]
    mean: float
    low: float
    high: float

    @property
    def defined(self) -> bool:
        """Whether enough lucks give a figure."""
        return not math.isnan(self.mean)

    @property
    def told(self) -> bool:
        """Whether the gain can be told from luck."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Mark:
    """One goal of a seat: its figure a year with what all decided, without, and the points.

    `made` and `without` are None where the seat moved nothing.
    """

    label: str
    indicator: str
    weight: float
    made: float | None
    without: float | None
    points: Gain


@dataclass(frozen=True)
class SeatYear:
    """How a seat did by its decisions of one year."""

    marks: tuple[Mark, ...]
    points: Gain


def gain_of(values: Iterable[float]) -> Gain:
    """Mean and interval of what was gained in each luck; undefined ones count for neither."""
    by_luck = tuple(values)
    found = paired([0.0] * len(by_luck), by_luck)
    if found.n < FEWEST:
        return Gain(by_luck, math.nan, math.nan, math.nan)
    return Gain(by_luck, found.difference, found.low, found.high)


def moved(lesson: Lesson, years: Years, year: int) -> list[str]:
    """Seats whose levers are not what they were in the year before."""
    before = _before(lesson, years, year)
    return [id for id in lesson.seats if years[year - 1][id] != before[id]]


def year_points(
    lesson: Lesson,
    years: Years,
    year: int,
    workers: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, SeatYear]:
    """Points of every seat for its decisions of one year.

    Parameters
    ----------
    years
        Decisions of all years up to this one at least.
    workers
        Processes for the runs; all processors by default, 1 stays in this process.
    progress
        Called with the share of the work that is done.
    """
    decided, before = years[year - 1], _before(lesson, years, year)
    movers = moved(lesson, years, year)
    ways = [[decided], *([{**decided, id: before[id]}] for id in movers)]
    found: list[tuple[Figures, ...]] = []
    if movers:
        found = outcomes(lesson, years[: year - 1], ways, AHEAD, workers, progress)
    return {
        id: _seat_year(
            seat,
            [by_way[0] for by_way in found] if id in movers else [],
            [by_way[1 + movers.index(id)] for by_way in found] if id in movers else [],
            lesson.world.lucks,
        )
        for id, seat in lesson.seats.items()
    }


def outcomes(
    lesson: Lesson,
    before: Years,
    ways: Sequence[Years],
    years: int,
    workers: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> list[tuple[Figures, ...]]:
    """Figures of all goals after each way to go on: a list by luck of tuples by way."""
    numbers = range(1, lesson.world.lucks + 1)
    jobs = [
        Branching(lesson, before, tuple(ways), years, tuple(numbers[at : at + EACH]))
        for at in range(0, len(numbers), EACH)
    ]
    found = run_all(branched, jobs, workers, lambda done: progress(done / len(jobs)))
    return [by_way for part in found for by_way in part]


def branched(job: Branching) -> list[tuple[Figures, ...]]:
    """Work off one job; the world of the class is played again up to the branch."""
    _give_way()
    first = len(job.before) + 1
    weeks = YEAR * (job.lesson.world.years_before + len(job.before) + job.years)
    scenario = job.lesson.scenario
    if weeks > scenario.parameters.world.weeks:
        scenario = scenario.with_length(weeks)
    lesson = replace(job.lesson, scenario=scenario)
    world = SharedWorld(lesson)
    world.govern(changes_of(lesson, job.before, {}))
    for _ in job.before:
        world.run_year()
    return [
        tuple(_gone_on(world.branch(luck), job.before, way, first, job.years) for way in job.ways)
        for luck in job.lucks
    ]


def _gone_on(world: SharedWorld, before: Years, way: Years, first: int, years: int) -> Figures:
    lesson = world.lesson
    world.govern(changes_of(lesson, [*before, *way], {}))
    for _ in range(years):
        world.run_year()
    goals = {goal.indicator for seat in lesson.seats.values() for goal in seat.goals}
    return {name: world.total(name, first, years) for name in sorted(goals)}


@cache
def _give_way() -> None:
    """In a worker: let the pages come first. Once is enough."""
    if parent_process() is not None and hasattr(os, "nice"):
        os.nice(MODEST)


def _before(lesson: Lesson, years: Years, year: int) -> dict[str, dict[str, Value]]:
    if year > 1:
        return years[year - 2]
    return {id: seat.start for id, seat in lesson.seats.items()}


def _seat_year(
    seat: Seat, made: Sequence[Figures], without: Sequence[Figures], lucks: int
) -> SeatYear:
    """Marks of one seat; without any run, nothing was moved and nothing gained."""
    nothing = Gain((0.0,) * lucks, 0.0, 0.0, 0.0)
    marks: list[Mark] = []
    for goal in seat.goals:
        name = goal.indicator
        years = AHEAD if indicator_of(name).ending == "total" else 1
        first = [figures[name] for figures in made]
        second = [figures[name] for figures in without]
        points = gain_of(_gains(name, first, second)) if made else nothing
        marks.append(
            Mark(goal.label, name, goal.weight, _mean(first) / years if made else None,
                 _mean(second) / years if made else None, points)
        )  # fmt: skip
    if not made:
        return SeatYear(tuple(marks), nothing)
    known = [mark for mark in marks if mark.points.defined]
    weight = sum(mark.weight for mark in known)
    by_luck = [
        sum(mark.weight / weight * mark.points.by_luck[luck] for mark in known) if known
        else math.nan
        for luck in range(lucks)
    ]  # fmt: skip
    return SeatYear(tuple(marks), gain_of(by_luck))


def _gains(name: str, made: Sequence[float], without: Sequence[float]) -> list[float]:
    """Improvement by luck, in percent of the mean without the decision; -100 to 100 each."""
    base = abs(_mean(without))
    if not base > 0:
        return [math.nan] * len(made)
    better = -1 if indicator_of(name).direction == "down" else 1
    return [
        max(-100.0, min(100.0, better * 100 * (one - other) / base))
        if math.isfinite(one - other) else math.nan
        for one, other in zip(made, without, strict=True)
    ]  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan


def together(points: Sequence[Gain]) -> Gain:
    """Points of several years added up, luck by luck: those of different years are independent."""
    return gain_of(sum(by_luck) for by_luck in zip(*(g.by_luck for g in points), strict=True))


def places(points: Mapping[str, Gain]) -> dict[str, tuple[int, int]]:
    """Best and worst place that each of several seats may have; one that is undefined has none.

    A seat is before another one if the interval of their difference, luck by luck, leaves zero
    out. The intervals are simultaneous (Bonferroni): the chance that any order shown is wrong is
    at most 5 %. Seats that cannot be told apart have places in common.
    """
    known = [id for id, gain in points.items() if gain.defined]
    pairs = list(combinations(known, 2))
    ahead, behind = dict.fromkeys(known, 0), dict.fromkeys(known, 0)
    for first, second in pairs:
        found = paired(points[second].by_luck, points[first].by_luck)
        if found.difference and found.p < LEVEL / len(pairs):
            better, worse = (first, second) if found.difference > 0 else (second, first)
            ahead[worse] += 1
            behind[better] += 1
    return {id: (1 + ahead[id], len(known) - behind[id]) for id in known}
