"""The tables of a lesson file, field by field; what is not declared here is a fault."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

For = Literal["agency", "igo"]


class Table(BaseModel):
    """A table of a lesson file; unknown fields are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _field(default: Any, meaning: str, **more: Any) -> Any:
    return Field(default, description=meaning, **more)


class Head(Table):
    """Who the lesson is, and how long it takes."""

    title: str = _field(..., "Title that the class sees.")
    question: str = _field(..., "What the class is to find out.")
    author: str = _field(..., "Who wrote it.")
    description: str = _field(..., "What the class reads first.")
    minutes: int = _field(45, "Minutes that the whole lesson takes.", ge=10, le=240)


class WorldTable(Table):
    """The world that is governed."""

    scenario: str = _field(..., "Name of a shipped scenario, or a file beside the lesson.")
    seed: int = _field(0, "Seed of all draws.", ge=0, le=10**9)
    lucks: int = _field(
        16, "Lucks over which points and the debrief are averaged (assumption).", ge=6, le=64
    )
    years_before: int = _field(2, "Years that pass before the class takes over.", ge=1, le=20)


class Round(Table):
    """One simulated year."""

    prompt: str = _field(..., "What the teams are asked before they decide.")
    notice: str = _field(..., "What to look at when the year is over.")
    minutes: float = _field(4.0, "Minutes on the clock for this decision.", ge=0.5, le=60)


class LeverTable(Table):
    """A lever of all agencies, or of the IGO."""

    whose: For = _field(..., "Who has it: agency or igo.", alias="for")
    key: str = _field(..., "Dotted key; * stands for the code of the seat's country.")
    label: str = _field(..., "What the team reads.")
    short: str = _field("", "The same in two words, for the trainer's board.")
    help: str = _field("", "One sentence more.")
    low: float | None = _field(None, "Lowest value, if not that of the table.")
    high: float | None = _field(None, "Highest value, if not that of the table.")
    step: float | None = _field(None, "Step of the slider.", gt=0)
    options: tuple[str, ...] = _field((), "Words to choose from.")
    cost_musd: float | None = _field(None, "Million USD a year for each unit.", ge=0, le=1000)
    cost_of: Literal["officers"] | None = _field(
        None, "A unit costs what the seat's officers cost in a year."
    )


class StartValue(Table):
    """A value of the world that the lesson sets for its start."""

    key: str = _field(..., "Dotted key.")
    reason: str = _field(..., "Why this value, or the word assumption.")


class SeatTable(Table):
    """A role: an agency of one country, or the IGO."""

    id: str = _field(..., "Short name in small letters.")
    whose: For = _field(..., "What it is: agency or igo.", alias="for")
    country: str = _field("", "Code of the country of an agency.")
    title: str = _field(..., "Name of the role.")
    briefing: str = _field(..., "What the team knows about itself.")
    secret: str = _field("", "What only this team reads.")
    budget_musd: float | None = _field(None, "Million USD a year to spend.", ge=0, le=10_000)


class Goal(Table):
    """What a seat is scored by."""

    whose: For = _field(..., "Who is scored by it: agency or igo.", alias="for")
    indicator: str = _field(..., "Name of an indicator; * stands for the seat's country.")
    label: str = _field(..., "What the team reads.")
    weight: float = _field(1.0, "Weight in the score.", ge=0.01, le=100)


class Question(Table):
    """A prediction that every team commits before the year runs."""

    id: str = _field(..., "Short name in small letters.")
    form: Literal["amount", "chance"] = _field(..., "A figure, or a probability.")
    indicator: str = _field(..., "Name of an indicator, without *: all predict the same.")
    ask: str = _field(..., "The question in words.")
    event: Literal["higher", "lower"] | None = _field(
        None, "For a chance: the year's figure is higher or lower than that of the year before."
    )


class Talk(Table):
    """A question for the talk at the end."""

    question: str = _field(..., "What the trainer asks the class.")


class Chance(Table):
    """Answer to a question for a probability."""

    value: float = _field(..., "Probability.", ge=0, le=1)


class Amount(Table):
    """Answer to a question for a figure."""

    value: float = _field(..., "Figure.", ge=0, le=1e15)
