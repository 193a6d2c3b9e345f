"""Numbers and moments in plain words."""

import math

from tocsin.classroom.levers import Lever, Value
from tocsin.classroom.points import Gain
from tocsin.classroom.state import SeatState
from tocsin.experiments.comparing.relative import MOST
from tocsin.simulation.recording.quantities import fixed, in_unit, short_unit


def relative_change(change: float, base: float) -> str:
    """A change in percent of its base."""
    if not base or not abs(change / base) <= MOST:
        return "–"  # a base near zero says nothing in percent
    return f"{fixed(100 * change / base, 1, sign=True)} %"


def points(value: float, told: bool = False) -> str:
    """Points, with their sign; those that are told apart from luck have the digits to show it."""
    if not math.isfinite(value):
        return "–"
    places = 1
    if told and 0 < abs(value) < 0.1:
        places = -math.floor(math.log10(abs(value)))
    return fixed(value, places, sign=True)


def mean_of(gain: Gain) -> str:
    """The mean of points."""
    return points(gain.mean, gain.told)


def between(gain: Gain) -> str:
    """The interval of points; empty if nothing was moved, or there is none.

    An interval that leaves zero out has no end that is written as zero.
    """
    if not gain.defined or not any(gain.by_luck):
        return ""
    return f"{points(gain.low, gain.told)} to {points(gain.high, gain.told)}"


def kind_of(gain: Gain) -> str:
    """Style of points: better, worse, or grey because they cannot be told from luck."""
    if gain.told:
        return "class-good" if gain.mean > 0 else "class-bad"
    return "class-luck"


def lever_value(lever: Lever, value: Value) -> str:
    """The value of a lever as a team reads it."""
    if lever.form == "switch":
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(lever.names.get(word, word) for word in value) or "nobody"
    if isinstance(value, str):
        return lever.names.get(value, value)
    if lever.unit == "factor":
        return "as usual" if value == 1 else in_unit(value, "times")
    return in_unit(value, short_unit(lever.unit))


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    whole = math.ceil(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def state_of(seat: SeatState, deciding: bool) -> tuple[str, str]:
    """Short name and words for what a seat does at the moment."""
    if seat.computer:
        return "computer", "computer decides"
    if not seat.taken:
        return "free", "computer decides"
    if not deciding:
        return "here", "here"
    return ("ready", "handed in") if seat.committed is not None else ("thinking", "thinking")
