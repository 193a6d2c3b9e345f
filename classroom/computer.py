"""The computer's policy for a seat that nobody has taken.

It follows the lesson: a fixed value for each lever, or *mirror*, which does what the teams did
with the same lever in the year before: a plain reciprocator that neither leads nor exploits.
"""

from tocsin.classroom.lesson import Lesson, Seat
from tocsin.classroom.levers import Lever, Value
from tocsin.classroom.state import State
from tocsin.simulation.errors import InputError


def computed(lesson: Lesson, seat: Seat, state: State) -> dict[str, Value]:
    """What the computer decides for a seat this year; the year before if that is not allowed."""
    before = state.in_force(seat.id, seat.start)
    values = {
        key: _mirrored(lesson, seat, lever, state) if lever.computer == "mirror" else lever.computer
        for key, lever in seat.levers.items()
    }
    try:
        return seat.checked(values)
    except InputError:  # a mirrored value may pass the budget
        return before


def _mirrored(lesson: Lesson, seat: Seat, lever: Lever, state: State) -> Value:
    row = lever.key.rpartition(".")[2]
    group = lever.key.partition(".")[0]
    seen: list[float] = []
    for other in lesson.seats.values():
        if other.id == seat.id or not state.years or state.years[-1][other.id].by == "computer":
            continue
        for key, value in state.years[-1][other.id].values.items():
            if key.startswith(f"{group}.") and key.endswith(f".{row}"):
                seen.append(float(value))  # pyright: ignore[reportArgumentType]
    if not seen:
        return state.in_force(seat.id, seat.start)[lever.key]
    mean = min(lever.high, max(lever.low, sum(seen) / len(seen)))
    return round(mean) if lever.whole else round(mean, 3)
