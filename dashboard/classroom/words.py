"""Numbers and moments in plain words."""

import math

from tocsin.classroom.levers import Lever, Value
from tocsin.classroom.points import Gain
from tocsin.classroom.state import SeatState
from tocsin.experiments.comparing.relative import MOST
from tocsin.simulation.recording.quantities import Measured, Quantity


def shown(world: Measured, name: str, value: float | None) -> str:
    """A figure of a world with its unit, the same for all figures of an indicator."""
    counted = value is not None and math.isfinite(value) and float(value).is_integer()
    return Quantity.of(name, world).level(int(value) if counted and value is not None else value)


def signed(world: Measured, name: str, value: float) -> str:
    """A difference with its sign and unit."""
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{shown(world, name, abs(value))}"


def percent(change: float, base: float) -> str:
    """A change relative to its base."""
    if not base or not abs(change / base) <= MOST:
        return "–"  # a base near zero says nothing in percent
    share = 100 * change / base
    return f"{'+' if share > 0 else '−' if share < 0 else '±'}{abs(share):.1f} %"


def points(value: float, told: bool = False) -> str:
    """Points, with their sign; those that are told apart from luck have the digits to show it."""
    if not math.isfinite(value):
        return "–"
    places = 1
    if told and 0 < abs(value) < 0.1:
        places = -math.floor(math.log10(abs(value)))
    text = f"{abs(value):.{places}f}"
    return text if not float(text) else f"{'+' if value > 0 else '−'}{text}"


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
    if lever.unit in ("share", "probability"):
        return f"{100 * value:.0f} %"
    if lever.unit == "factor":
        return "as usual" if value == 1 else f"{value:,.3g} times"
    unit = f" {lever.unit}" if lever.unit else ""
    short = {" million USD a year": " M USD"}.get(unit, unit)
    return f"{value:,.3g}{short}"


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
