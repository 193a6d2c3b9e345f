"""The debrief: what the class achieved, who rode free and at what price, who knew what too late.

Every figure is measured against the same luck. The world as it was (nobody moves a lever), the
world in which all had cooperated, and one world for each agency in which only this one had, are
plain runs with the same seed and the decisions of the class but for that change. Further pairs
under other luck say whether the difference is more than one world's accident.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.classroom.lesson import Lesson, Seat
from dashboard.classroom.levers import Value
from dashboard.classroom.state import Decision, State
from dashboard.classroom.tables import Goal, Question
from dashboard.classroom.world import News, SharedWorld, played
from experiments.engine import run_all
from experiments.statistics import Paired, paired
from simulation.indicators import indicator_of

RIDES = 0.2  # a rider is this much less open than the mean of the others: assumption
LUCKS = 6
Years = list[dict[str, dict[str, Value]]]


@dataclass(frozen=True)
class Mark:
    """One goal of a seat in one year: what happened, and with the same luck if nobody had acted.

    `points` is the improvement in percent, from -100 to 100; NaN where the figure is undefined.
    """

    label: str
    indicator: str
    weight: float
    value: float
    untouched: float
    points: float


@dataclass(frozen=True)
class Guess:
    """A prediction and what came.

    `error` is relative for a figure, |predicted - came| / came, and the Brier score for a chance,
    (predicted - came)**2, where `came` is 1 if the event happened.
    """

    question: Question
    year: int
    predicted: float
    came: float
    error: float


@dataclass(frozen=True)
class Knowledge:
    """News of partners that reached one agency: how much of it was old, and how old."""

    received: int
    late: int
    median_age: float | None

    @property
    def share_late(self) -> float | None:
        """Share of the news that came after the network had changed its modus operandi."""
        return self.late / self.received if self.received else None


@dataclass(frozen=True)
class Alternative:
    """Another way it could have gone, with the same luck: figures of all years together.

    `shared` is the lesson's headline figure; `own` the first goal of each seat.
    """

    shared: float
    own: dict[str, float]


@dataclass(frozen=True)
class Debrief:
    """All that the last page and the report show.

    Attributes
    ----------
    marks, scores
        By seat: a list for each year, and the mean of all years.
    openness
        By agency: mean over years of how far it cooperated, 0 to 1.
    headline
        Indicator that stands for what all want: the first goal of the IGO, or of the first seat.
    as_played, untouched, all_cooperate, one_cooperates
        Alternatives; the last by agency.
    rider
        Agency that was least open, if it was clearly less open than the others.
    guesses, knowledge
        By seat.
    luck
        Headline as played against all cooperating, over pairs with other seeds; the same for the
        rider's cooperation.
    """

    lesson: Lesson
    state: State
    marks: dict[str, list[list[Mark]]]
    scores: dict[str, float]
    openness: dict[str, float]
    headline: str
    as_played: Alternative
    untouched: Alternative
    all_cooperate: Alternative
    one_cooperates: dict[str, Alternative]
    rider: str | None
    guesses: dict[str, list[Guess]]
    knowledge: dict[str, Knowledge]
    luck: Paired
    rider_luck: Paired | None

    def brier(self, seat: str) -> float | None:
        """Mean Brier score of a seat's chances; 0.25 is what always saying 50 % gives."""
        return _mean(g.error for g in self.guesses[seat] if g.question.form == "chance")

    def relative_error(self, seat: str) -> float | None:
        """Mean relative error of a seat's figures."""
        return _mean(g.error for g in self.guesses[seat] if g.question.form == "amount")


def headline_of(lesson: Lesson) -> Goal:
    """The goal that stands for what all want."""
    igo = [seat for seat in lesson.seats.values() if seat.kind == "igo"]
    return (igo or list(lesson.seats.values()))[0].goals[0]


def decided(years: Sequence[Mapping[str, Decision]]) -> Years:
    """The values alone."""
    return [{id: dict(decision.values) for id, decision in year.items()} for year in years]


def cooperating(lesson: Lesson, years: Years, seats: Sequence[str]) -> Years:
    """The same decisions, with full cooperation in some seats."""
    return [
        {id: lesson.seats[id].cooperating(v) if id in seats else v for id, v in year.items()}
        for year in years
    ]


def marks_of(seat: Seat, world: SharedWorld, untouched: SharedWorld, year: int) -> list[Mark]:
    """How a seat did in a year."""
    marks: list[Mark] = []
    for goal in seat.goals:
        value, before = world.figure(goal.indicator, year), untouched.figure(goal.indicator, year)
        points = float("nan")
        if before and math.isfinite(value) and math.isfinite(before):
            better = -1 if indicator_of(goal.indicator).direction == "down" else 1
            points = max(-100.0, min(100.0, better * 100 * (value - before) / abs(before)))
        marks.append(Mark(goal.label, goal.indicator, goal.weight, value, before, points))
    return marks


def score(marks: Sequence[Mark]) -> float:
    """Points of a year: the mean over the goals by weight; NaN if none is defined."""
    known = [mark for mark in marks if math.isfinite(mark.points)]
    total = sum(mark.weight for mark in known)
    return sum(m.points * m.weight for m in known) / total if total else float("nan")


def guesses_of(lesson: Lesson, state: State, world: SharedWorld, seat: str) -> list[Guess]:
    """Predictions of a seat, with what came."""
    found: list[Guess] = []
    for year, decisions in enumerate(state.years[: world.year], 1):
        for question in lesson.questions:
            if question.id not in decisions[seat].predictions:
                continue
            said = decisions[seat].predictions[question.id]
            value = world.figure(question.indicator, year)
            before = world.figure(question.indicator, year - 1)
            if not math.isfinite(value) or not math.isfinite(before):
                continue
            if question.form == "chance":
                came = float(value > before if question.event == "higher" else value < before)
                found.append(Guess(question, year, said, came, (said - came) ** 2))
            elif value:
                found.append(Guess(question, year, said, value, abs(said - value) / abs(value)))
    return found


def knowledge_of(country: str, news: Sequence[News]) -> Knowledge:
    """What an agency learnt from partners."""
    mine = [item for item in news if country in item.readers]
    ages = [item.age for item in mine]
    return Knowledge(len(mine), sum(item.late for item in mine),
                     float(statistics.median(ages)) if ages else None)  # fmt: skip


def openness_of(lesson: Lesson, years: Years) -> dict[str, float]:
    """How far each agency cooperated, as a mean over the years."""
    found: dict[str, float] = {}
    for id, seat in lesson.seats.items():
        shares = [seat.openness(year[id]) for year in years]
        known = [share for share in shares if share is not None]
        if seat.kind == "agency" and known:
            found[id] = sum(known) / len(known)
    return found


def free_rider(openness: Mapping[str, float]) -> str | None:
    """The agency that gave least, if the others gave clearly more."""
    if len(openness) < 2:
        return None
    least = min(openness, key=lambda id: openness[id])
    others = [share for id, share in openness.items() if id != least]
    return least if sum(others) / len(others) - openness[least] >= RIDES else None


def debriefed(
    lesson: Lesson,
    state: State,
    world: SharedWorld,
    untouched: SharedWorld,
    progress: Callable[[float], None] = lambda share: None,
    lucks: int = LUCKS,
    workers: int | None = None,
) -> Debrief:
    """Run what else could have been, and put everything together.

    Parameters
    ----------
    world, untouched
        As played, and with nobody acting; both with the lesson's seed.
    progress
        Called with the share of the work that is done.
    lucks
        Pairs of runs under other luck.
    workers
        Processes for the runs; all processors by default, 1 stays in this process.
    """
    done = world.year
    years = decided(state.years[:done])
    agencies = [id for id, seat in lesson.seats.items() if seat.kind == "agency"]
    openness = openness_of(lesson, years)
    rider = free_rider(openness)
    together = cooperating(lesson, years, agencies)
    jobs = [(lesson, together, None)]
    jobs += [(lesson, cooperating(lesson, years, [id]), None) for id in openness]
    kinds = [years, together, *([cooperating(lesson, years, [rider])] if rider else [])]
    first = len(jobs)
    seeds = [lesson.world.seed + luck for luck in range(1, lucks + 1)]
    jobs += [(lesson, kind, seed) for seed in seeds for kind in kinds]
    totals = run_all(totals_of, jobs, workers, lambda number: progress(number / len(jobs)))
    headline = headline_of(lesson).indicator
    rows = [total.shared for total in totals[first:]]
    columns = [rows[at :: len(kinds)] for at in range(len(kinds))]
    marks = {
        id: [marks_of(seat, world, untouched, year) for year in range(1, done + 1)]
        for id, seat in lesson.seats.items()
    }
    return Debrief(
        lesson=lesson, state=state, marks=marks,
        scores={id: _mean_score(by_year) for id, by_year in marks.items()},
        openness=openness, headline=headline,
        as_played=_alternative(world, done), untouched=_alternative(untouched, done),
        all_cooperate=totals[0],
        one_cooperates=dict(zip(openness, totals[1:first], strict=True)),
        rider=rider,
        guesses={id: guesses_of(lesson, state, world, id) for id in lesson.seats},
        knowledge={id: knowledge_of(lesson.seats[id].country, world.news) for id in agencies},
        luck=paired(columns[0], columns[1]),
        rider_luck=paired(columns[0], columns[2]) if rider else None,
    )  # fmt: skip


def totals_of(job: tuple[Lesson, Years, int | None]) -> Alternative:
    """Figures of all years of a world; `job` is a lesson, decisions, and a seed or its own."""
    lesson, years, seed = job
    return _alternative(played(lesson, years, seed), len(years))


def _alternative(world: SharedWorld, years: int) -> Alternative:
    lesson = world.lesson
    own = {id: _total(world, seat.goals[0].indicator, years) for id, seat in lesson.seats.items()}
    return Alternative(_total(world, headline_of(lesson).indicator, years), own)


def _total(world: SharedWorld, indicator: str, years: int) -> float:
    """Sum over the governed years of an amount, mean of anything else."""
    values = [world.figure(indicator, year) for year in range(1, years + 1)]
    if indicator_of(indicator).ending == "total":
        return sum(values)
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else float("nan")


def _mean_score(by_year: Sequence[Sequence[Mark]]) -> float:
    known = [points for points in map(score, by_year) if math.isfinite(points)]
    return sum(known) / len(known) if known else float("nan")


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None
