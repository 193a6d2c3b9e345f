"""The levers of a seat, and whether what a team decides is allowed.

A lesson names dotted keys of the table of parameters; type, unit, bounds and meaning come from
there. A lesson may only narrow the bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from tocsin.simulation.errors import InputError, nearest
from tocsin.simulation.recording.quantities import fixed
from tocsin.simulation.scenario.overrides import Key
from tocsin.simulation.scenario.values import bounds, check_value
from tocsin.simulation.scenario.wording import fault, written

Form = Literal["number", "switch", "word", "words"]
Value = float | int | bool | str | tuple[str, ...]
PENNY = 1e-6  # million USD by which rounding may pass a budget


@dataclass(frozen=True)
class Lever:
    """One thing that a seat decides every year.

    Attributes
    ----------
    key
        Dotted key of the table of parameters.
    label, short, help
        What the team reads; the short one stands on the trainer's board and in reports.
    unit, whole
        Unit of a number, and whether it is an integer.
    low, high, step
        Bounds and step of a number.
    options, names
        Allowed words of a word or of a list of words, and what people call them.
    start
        Value before the first year.
    cooperative
        Value of a team that cooperates fully; None if the lever is not about cooperation.
    computer
        Value that the computer's policy sets, or "mirror": what the teams set on average in the
        year before.
    cost
        Million USD a year for each unit of a number, for a switch that is on, or for each word.
    """

    key: str
    label: str
    short: str
    help: str
    unit: str
    form: Form
    whole: bool
    low: float
    high: float
    step: float
    options: tuple[str, ...]
    names: dict[str, str]
    start: Value
    cooperative: Value | None
    computer: Value
    cost: float

    def checked(self, value: Any) -> Value:
        """The value as the model takes it.

        Raises
        ------
        InputError
            Wrong type, out of the bounds of this seat, or none of its words.
        """
        if isinstance(value, str) and len(value) > 80:
            raise InputError(f"{self.key}: the value is too long; allowed are 80 characters.")
        if isinstance(value, list | tuple) and len(value) > 80:
            raise InputError(f"{self.key}: the list is too long; allowed are 80 words.")
        value = check_value(self.key, Key(*_parts(self.key)).field, value)
        if self.form == "number" and not self.low <= value <= self.high:
            wrong = "too low" if value < self.low else "too high"
            span = f"allowed is a number from {self.low:.15g} to {self.high:.15g}"
            raise fault(self.key, value, f"{wrong} for this seat", span)
        if self.options:
            for word in value if isinstance(value, tuple) else (value,):
                if word not in self.options:
                    raise fault(self.key, word, "not one of the words of this seat",
                                f"allowed are {', '.join(self.options)}",
                                nearest(word, self.options))  # fmt: skip
        return value

    def price(self, value: Value) -> float:
        """What the value costs, in million USD a year."""
        units = len(value) if isinstance(value, tuple) else 1.0
        if self.form in ("number", "switch"):
            units = float(value)  # pyright: ignore[reportArgumentType]
        return self.cost * units

    def openness(self, value: Value) -> float | None:
        """How far a value goes from the least towards full cooperation, 0 to 1."""
        full = self.cooperative
        if full is None:
            return None
        if self.form == "number":
            goal, here = float(full), float(value)  # pyright: ignore[reportArgumentType]
            least = self.low if goal > self.low else self.high
            return min(1.0, max(0.0, (here - least) / (goal - least)))
        if self.form == "words" and isinstance(full, tuple) and isinstance(value, tuple):
            if not full:
                return 1 - len(value) / max(1, len(self.options))
            return len(set(full) & set(value)) / len(full)
        return float(value == full)


def _parts(key: str) -> tuple[str, str, str]:
    group, *middle, row = key.split(".")
    return group, middle[0] if middle else "", row


def form_of(annotation: Any) -> tuple[Form, bool, tuple[str, ...]]:
    """Form, whether a number is whole, and the words that a type allows."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    kind = annotation
    if type(None) in get_args(annotation):
        kind = parts[0]
    if kind is bool:
        return "switch", False, ()
    if kind in (int, float):
        return "number", kind is int, ()
    if get_origin(kind) is Literal:
        return "word", False, tuple(map(str, get_args(kind)))
    if get_origin(kind) is tuple:
        return "words", False, tuple(map(str, get_args(get_args(kind)[0])))
    return "word", False, ()


def span_of(key: Key, where: str, low: float | None, high: float | None) -> tuple[float, float]:
    """Bounds of a number: those of the table, narrowed by the lesson.

    Raises InputError if the lesson widens them, or leaves nothing between them.
    """
    table_low, table_high = bounds(key.field)
    table_low = float("-inf") if table_low is None else table_low
    table_high = float("inf") if table_high is None else table_high
    span = f"the table of parameters allows {table_low:.15g} to {table_high:.15g}"
    least = table_low if low is None else low
    most = table_high if high is None else high
    if least < table_low:
        raise fault(f"{where}low", least, f"too low for {key.dotted}", span)
    if most > table_high:
        raise fault(f"{where}high", most, f"too high for {key.dotted}", span)
    if not least < most:
        raise fault(f"{where}high", most, f"not above low = {least:.15g}", span)
    if least == float("-inf") or most == float("inf"):
        raise InputError(f"{where}{key.dotted}: it has no bounds; state low and high.")
    return least, most


def checked_decision(
    levers: Mapping[str, Lever], values: Mapping[str, Any], budget: float | None, title: str
) -> dict[str, Value]:
    """What a team decided, checked: every lever of the seat once, within bounds and budget.

    Raises
    ------
    InputError
        A lever is missing, unknown or belongs to another seat; a value is not allowed; the sum
        passes the budget.
    """
    for key in values:
        if key not in levers:
            raise InputError(
                f"{written(str(key)[:80])}: not a lever of {title}; it has {', '.join(levers)}"
                f"{nearest(str(key)[:80], levers)}."
            )
    for key in levers:
        if key not in values:
            raise InputError(f"{key}: missing; every lever of {title} needs a value.")
    decided = {key: lever.checked(values[key]) for key, lever in levers.items()}
    spent = spending(levers, decided)
    if budget is not None and spent > budget + PENNY:
        raise InputError(
            f"{title}: these decisions cost {fixed(spent)} million USD a year; the budget is "
            f"{fixed(budget)}."
        )
    return decided


def spending(levers: Mapping[str, Lever], values: Mapping[str, Value]) -> float:
    """What a decision costs, in million USD a year."""
    return sum(lever.price(values[key]) for key, lever in levers.items())
