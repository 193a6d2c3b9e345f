"""The debrief: what the class achieved, who rode free and at what price, who knew what too late.

Every comparison is over several lucks. The world is branched when the class takes over, and each
luck is gone on with in each way: as the class decided, with nobody moving a lever, with all
cooperating, and with the free rider alone cooperating. The figures of one luck differ by the
decisions alone; the interval of their mean says whether the difference is more than luck.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.classroom.lesson import Lesson
from tocsin.classroom.points import SeatYear, Years, outcomes
from tocsin.classroom.state import Decision, State
from tocsin.classroom.tables import Goal, Question
from tocsin.classroom.world import News, SharedWorld

RIDES = 0.2  # a rider is this much less open than the mean of the others: assumption


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
    """A way it could have gone: figures of all years together, by luck.

    `shared` is the lesson's headline figure; `own` the first goal of each seat.
    """

    shared: tuple[float, ...]
    own: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Debrief:
    """All that the last page and the report show.

    Attributes
    ----------
    points
        By year and seat.
    openness
        By agency: mean over years of how far it cooperated, 0 to 1.
    headline
        Indicator that stands for what all want: the first goal of the IGO, or of the first seat.
    seen
        The headline in the world that the class has seen.
    as_played, untouched, all_cooperate, rider_cooperates
        Alternatives; the last only if there is a rider.
    rider
        Agency that was least open, if it was clearly less open than the others.
    guesses, knowledge
        By seat.
    """

    lesson: Lesson
    state: State
    points: dict[int, dict[str, SeatYear]]
    openness: dict[str, float]
    headline: str
    seen: float
    as_played: Alternative
    untouched: Alternative
    all_cooperate: Alternative
    rider_cooperates: Alternative | None
    rider: str | None
    guesses: dict[str, list[Guess]]
    knowledge: dict[str, Knowledge]

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
    points: Mapping[int, dict[str, SeatYear]],
    progress: Callable[[float], None] = lambda share: None,
    workers: int | None = None,
) -> Debrief:
    """Run what else could have been, and put everything together.

    Parameters
    ----------
    world
        As played.
    points
        By year and seat.
    progress
        Called with the share of the work that is done.
    workers
        Processes for the runs; all processors by default, 1 stays in this process.
    """
    done = world.year
    years = decided(state.years[:done])
    agencies = [id for id, seat in lesson.seats.items() if seat.kind == "agency"]
    openness = openness_of(lesson, years)
    rider = free_rider(openness)
    untouched: Years = [{id: seat.start for id, seat in lesson.seats.items()}] * done
    ways = [years, untouched, cooperating(lesson, years, agencies)]
    if rider:
        ways.append(cooperating(lesson, years, [rider]))
    found = outcomes(lesson, [], ways, done, workers, progress)
    headline = headline_of(lesson).indicator
    alternatives = [
        Alternative(
            tuple(by_way[at][headline] for by_way in found),
            {id: tuple(by_way[at][seat.goals[0].indicator] for by_way in found)
             for id, seat in lesson.seats.items()},
        )
        for at in range(len(ways))
    ]  # fmt: skip
    return Debrief(
        lesson=lesson, state=state, points={year: points[year] for year in range(1, done + 1)},
        openness=openness, headline=headline, seen=world.total(headline, 1, done),
        as_played=alternatives[0], untouched=alternatives[1], all_cooperate=alternatives[2],
        rider_cooperates=alternatives[3] if rider else None,
        rider=rider,
        guesses={id: guesses_of(lesson, state, world, id) for id in lesson.seats},
        knowledge={id: knowledge_of(lesson.seats[id].country, world.news) for id in agencies},
    )  # fmt: skip


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None
