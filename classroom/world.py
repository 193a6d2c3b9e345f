"""The shared world: a scenario, what the class decided so far, and the model that runs it.

Decisions become ``[[change]]`` entries of the scenario, from the first week of a year on. So the
world after any number of years is that of a plain run of (scenario with changes, seed), and can
be run again by anybody.
"""

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tocsin.classroom.lesson import YEAR, Lesson
from tocsin.classroom.levers import Value
from tocsin.simulation.model import BorderModel
from tocsin.simulation.recording.indicators import indicator_of
from tocsin.simulation.recording.periods import value_of
from tocsin.simulation.scenario.files import Scenario, names
from tocsin.simulation.scenario.schedule import Change, Schedule
from tocsin.simulation.steering import SteeredRun

Decisions = Mapping[str, Mapping[str, Value]]  # seat -> key -> value


@dataclass(frozen=True)
class News:
    """An item of intelligence that reached partners, and what the network had done by then.

    `late` says whether the network had changed its modus operandi, or had ended, before the hub
    released the item; `readers` are the countries on its route that could read it.
    """

    week: int
    seen: int
    network: str
    origin: str
    readers: tuple[str, ...]
    late: bool

    @property
    def age(self) -> int:
        """Weeks from what was seen to the release."""
        return self.week - self.seen


def changes_of(
    lesson: Lesson, years: Sequence[Decisions], names_of: Mapping[str, str]
) -> tuple[Change, ...]:
    """What the class decided, as entries of a scenario: only what moves against the year before.

    Parameters
    ----------
    lesson
        Its seats say what was in force at the start.
    years
        Decisions of each governed year; a seat that is missing keeps its values.
    names_of
        Who sat in a seat, for the reason.
    """
    in_force = {seat.id: dict(seat.start) for seat in lesson.seats.values()}
    entries: list[Change] = []
    for year, decisions in enumerate(years, 1):
        for seat in lesson.seats.values():
            decided = decisions.get(seat.id, in_force[seat.id])
            moved = {key: v for key, v in decided.items() if v != in_force[seat.id][key]}
            in_force[seat.id].update(decided)
            if moved:
                who = names_of.get(seat.id, "the computer")
                entries.append(
                    Change(
                        week=lesson.first_week(year),
                        set=moved,
                        reason=f"year {year}, {seat.title}: decided by {who}",
                    )
                )
    return tuple(entries)


def governed(lesson: Lesson, changes: Sequence[Change]) -> Scenario:
    """The lesson's scenario with entries added; raises InputError if they make no sense."""
    return lesson.scenario.with_schedule(Schedule(changes=tuple(changes)))


def scenario_file(lesson: Lesson, changes: Sequence[Change], title: str) -> str:
    """A scenario file with everything that the class decided; it gives the same world again."""
    base = lesson.scenario
    parent = base.name if base.name in names() else str(Path(base.path).resolve())
    child = replace(
        base, title=title, question=lesson.head.question, author="a class, with Tocsin",
        description=f"What a class decided in the lesson {lesson.head.title!r}.", parent=parent,
        stated=dict(base.overrides), own_schedule=Schedule(changes=tuple(changes)),
    )  # fmt: skip
    return child.to_toml()


class SharedWorld:
    """A run that a class steers year by year.

    Parameters
    ----------
    lesson
        World and seed.

    Attributes
    ----------
    news
        Items of intelligence that came out since the class took over.
    """

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._run = SteeredRun(lesson.scenario, lesson.world.seed)
        self.news: list[News] = []
        self._run.run_to(YEAR * lesson.world.years_before)

    @property
    def model(self) -> BorderModel:
        """The running model."""
        return self._run.model

    @property
    def year(self) -> int:
        """Governed years that are complete."""
        return self.model.week // YEAR - self.lesson.world.years_before

    def govern(self, changes: Sequence[Change]) -> None:
        """Let the model know all changes so far; those of past weeks stay as they were.

        Raises InputError, and changes nothing, if they make no sense together.
        """
        self._run.follow(governed(self.lesson, changes))

    def step(self) -> None:
        """One week, and what became known in it."""
        self._note_news()
        self._run.run_to(self._run.week + 1)

    def run_year(self) -> None:
        """The rest of the present year."""
        self.step()
        while self.model.week % YEAR:
            self.step()

    def branch(self, luck: int) -> "SharedWorld":
        """A copy of the world as it is, which goes on under another luck, numbered from 1.

        Copies with one number go on under the same luck; that of the class is none of them.
        """
        other = copy.copy(self)
        other._run = self._run.branch(luck, self.lesson.world.seed)
        other.news = list(self.news)
        return other

    def _note_news(self) -> None:
        model = self.model
        world = model.world
        for week, item in world.hub.waiting():
            if week != model.week + 1:
                continue
            roster = world.roster
            owners = np.unique(roster.sector_agency[item.sectors]).tolist()
            readers = tuple(dict.fromkeys(roster.codes[a] for a in owners if item.recipients[a]))
            late = item.void or int(world.networks.modus[item.network]) != item.modus
            name = world.networks.name_in(item.network, item.seen)
            origin = roster.codes[item.origin]
            self.news.append(News(model.week + 1, item.seen, name, origin, readers, late))

    def figure(self, name: str, year: int) -> float:
        """Value of an indicator in a governed year; 0 is the year before the class took over."""
        first = self.lesson.first_week(year)
        (found,) = self.model.record.over([(first, first + YEAR - 1)], [name])
        value = found[name]
        return math.nan if value is None else float(value)

    def total(self, name: str, first: int, years: int) -> float:
        """An indicator over governed years from `first` on: sum of an amount, else the mean.

        NaN if it is undefined in all of them.
        """
        values = [self.figure(name, year) for year in range(first, first + years)]
        ending = "total" if indicator_of(name).ending == "total" else "mean"
        known = value_of(np.array(values), ending)
        return math.nan if known is None else float(known)

    def fingerprint(self) -> str:
        """SHA-256 of all weeks so far; that of a plain run of this length."""
        return self._run.fingerprint


def played(lesson: Lesson, years: Sequence[Decisions]) -> SharedWorld:
    """The world after these decisions, run in one go.

    Raises InputError if the decisions make no sense in this world.
    """
    world = SharedWorld(lesson)
    world.govern(changes_of(lesson, years, {}))
    for _ in years:
        world.run_year()
    return world
