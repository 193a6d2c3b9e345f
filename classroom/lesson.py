"""Lessons: which world a class governs, in which roles, over how many years, and what to notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tocsin.classroom.levers import Lever, Value, checked_decision
from tocsin.classroom.tables import (
    Amount,
    Chance,
    For,
    Goal,
    Head,
    Question,
    Round,
    Talk,
    WorldTable,
)
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import Scenario
from tocsin.simulation.scenario.values import check_value

YEAR = 52


@dataclass(frozen=True)
class Seat:
    """A role of a lesson with its levers and goals, names put in."""

    id: str
    kind: For
    country: str
    title: str
    briefing: str
    secret: str
    budget: float | None
    levers: dict[str, Lever]
    goals: tuple[Goal, ...]

    @property
    def start(self) -> dict[str, Value]:
        """Values before the first year."""
        return {key: lever.start for key, lever in self.levers.items()}

    def checked(self, values: Mapping[str, Any]) -> dict[str, Value]:
        """A decision of this seat; raises InputError if it is not allowed."""
        return checked_decision(self.levers, values, self.budget, self.title)

    def cooperating(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The same decision with full cooperation."""
        return {
            key: values[key] if lever.cooperative is None else lever.cooperative
            for key, lever in self.levers.items()
        }

    def openness(self, values: Mapping[str, Value]) -> float | None:
        """Mean over the levers of cooperation, 0 to 1; None if the seat has none."""
        shares = [lever.openness(values[key]) for key, lever in self.levers.items()]
        known = [share for share in shares if share is not None]
        return sum(known) / len(known) if known else None


@dataclass(frozen=True)
class Lesson:
    """One lesson, whole and checked.

    Attributes
    ----------
    name, text
        Name of the file and what stands in it; a session keeps both.
    head, world, rounds, questions, talks
        As in the file.
    seats
        Roles by id, in the order of the file.
    scenario
        The world at the start values, as long as the lesson.
    """

    name: str
    text: str
    head: Head
    world: WorldTable
    rounds: tuple[Round, ...]
    questions: tuple[Question, ...]
    talks: tuple[Talk, ...]
    seats: dict[str, Seat]
    scenario: Scenario

    @cached_property
    def owner(self) -> dict[str, str]:
        """Dotted key -> id of the seat that sets it."""
        return {key: seat.id for seat in self.seats.values() for key in seat.levers}

    def first_week(self, year: int) -> int:
        """First week of a governed year, which are counted from 1."""
        return YEAR * (self.world.years_before + year - 1) + 1


def checked_predictions(
    questions: tuple[Question, ...], values: Mapping[str, Any]
) -> dict[str, float]:
    """What a team predicts, one number for each question.

    Raises
    ------
    InputError
        A question is missing or unknown, or the answer is no number in its bounds.
    """
    known = {question.id: question for question in questions}
    for name in values:
        if name not in known:
            raise InputError(f"prediction {str(name)[:40]!r}: there is no such question.")
    answers: dict[str, float] = {}
    for name, question in known.items():
        if name not in values:
            raise InputError(f"prediction {name}: missing; {question.ask}")
        model = Chance if question.form == "chance" else Amount
        answers[name] = float(check_value(f"prediction {name}",
                                          model.model_fields["value"], values[name]))  # fmt: skip
    return answers
