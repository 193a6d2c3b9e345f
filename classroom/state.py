"""What a session is at a moment, and how each event changes it.

The state follows from the journal and from nothing else: `follow` is a pure function of the state
and an event. So a server that was killed is where it was once it has read the journal again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tocsin.classroom.events import (
    By,
    ClockSet,
    Closed,
    Committed,
    Computer,
    Draft,
    Joined,
    Opened,
    Paused,
    Ran,
    Removed,
    SeatDecision,
    Told,
    Withdrawn,
    Year,
    told,
)
from tocsin.classroom.journal import Event
from tocsin.classroom.lesson import Lesson, Seat, checked_predictions
from tocsin.classroom.levers import Value, checked_decision
from tocsin.classroom.security import checked_name
from tocsin.simulation.errors import InputError

Phase = Literal["lobby", "deciding", "running", "result", "debrief"]


@dataclass(frozen=True)
class Decision:
    """What was decided for a seat in a year.

    `by` says how it came about: the team committed it; the clock ran out and the levers counted
    as they stood; the computer's policy; or nobody, and the year before was kept. Predictions are
    empty unless the team committed them.
    """

    values: dict[str, Value]
    predictions: dict[str, float]
    by: By


@dataclass
class SeatState:
    """Who sits in a seat, and what they have in hand.

    Attributes
    ----------
    team, code
        Name and code of the team; empty if there is none.
    computer
        Whether the computer's policy has the seat.
    draft
        The levers as they stand on the team's page.
    committed
        What the team has handed in this year, if it has.
    """

    draft: dict[str, Value]
    team: str = ""
    code: str = ""
    computer: bool = False
    committed: Decision | None = None

    @property
    def taken(self) -> bool:
        """Whether a team sits here."""
        return bool(self.code)


@dataclass
class State:
    """A session at a moment.

    Attributes
    ----------
    phase
        lobby (teams come in), deciding (the clock runs), running (the year runs), result, debrief.
    year
        Governed year, from 1; 0 in the lobby.
    seats
        By id.
    seconds, since
        Seconds on the clock at the time `since`.
    paused
        Whether the clock and the running year stand still.
    years
        Decisions of each year that was closed, by seat.
    teams
        Name of the last team of each seat that had one.
    fingerprints
        Of the world at the end of each year that has run.
    """

    code: str = ""
    key: str = ""
    phase: Phase = "lobby"
    year: int = 0
    seats: dict[str, SeatState] = field(default_factory=dict)
    seconds: float = 0.0
    since: float = 0.0
    paused: bool = False
    years: list[dict[str, Decision]] = field(default_factory=list)
    teams: dict[str, str] = field(default_factory=dict)
    fingerprints: list[str] = field(default_factory=list)

    def left(self, now: float) -> float:
        """Seconds left on the clock."""
        if self.phase != "deciding" or self.paused:
            return max(0.0, self.seconds)
        return max(0.0, self.seconds - (now - self.since))

    def in_force(self, seat: str, start: Mapping[str, Value]) -> dict[str, Value]:
        """Values of a seat's levers in the year that was closed last."""
        return dict(self.years[-1][seat].values) if self.years else dict(start)


def beginning(lesson: Lesson) -> State:
    """A session before anything has happened."""
    return State(seats={id: SeatState(dict(seat.start)) for id, seat in lesson.seats.items()})


def follow(state: State, event: Event, lesson: Lesson) -> None:
    """Let one event happen.

    Raises
    ------
    InputError
        It cannot have happened in this lesson at this moment; the state is as it was.
    """
    data = told(event)
    match data:
        case Joined() | Removed() | Computer() | Draft() | Committed() | Withdrawn():
            _follow_seat(state, data, lesson)
        case _:
            _follow_session(state, event, data, lesson)


def _follow_seat(state: State, data: Told, lesson: Lesson) -> None:
    id: str = getattr(data, "seat", "")
    _hold(id in state.seats, f"there is no seat {id[:40]!r}")
    seat, role = state.seats[id], lesson.seats[id]
    match data:
        case Joined(team=team, code=code):
            _hold(bool(code) and not seat.taken, f"the seat {id} was not free")
            seat.team, seat.code, seat.computer = checked_name(team), code, False
            state.teams[id] = seat.team
        case Removed():
            seat.team, seat.code, seat.committed = "", "", None
            seat.draft = state.in_force(id, role.start)
        case Computer(on=on):
            seat.computer = on
        case Draft(values=values):
            _hold(state.phase == "deciding", "nothing was to be decided")
            seat.draft = _values(role, values)
        case Committed(values=values, predictions=predictions):
            _hold(state.phase == "deciding", "nothing was to be decided")
            decided = role.checked(values)
            seat.committed = Decision(
                decided, checked_predictions(lesson.questions, predictions), "team"
            )
            seat.draft = dict(decided)
        case _:
            seat.committed = None


def _follow_session(state: State, event: Event, data: Told, lesson: Lesson) -> None:
    match data:
        case Opened(code=code, key=key):
            _hold(event.number == 1 and bool(code and key), "a session begins once")
            state.code, state.key = code, key
        case Year(year=year, seconds=seconds):
            _hold(state.phase in ("lobby", "result") and year == state.year + 1
                  and year <= len(lesson.rounds), f"year {year} was not the next one")  # fmt: skip
            state.phase, state.year, state.paused = "deciding", year, False
            state.seconds, state.since = seconds, event.at
            for seat in state.seats.values():
                seat.committed = None
        case ClockSet(seconds=seconds):
            state.seconds, state.since = seconds, event.at
        case Paused(on=on):
            state.seconds, state.paused, state.since = state.left(event.at), on, event.at
        case Closed(year=year, decisions=decisions):
            _hold(state.phase == "deciding" and year == state.year, "that year was not open")
            _hold(set(decisions) == set(state.seats), "the decisions are not those of the seats")
            taken = {id: _decision(lesson, id, entry) for id, entry in decisions.items()}
            state.phase = "running"
            state.years.append({id: taken[id] for id in state.seats})
            for id, seat in state.seats.items():
                seat.draft = dict(taken[id].values)
        case Ran(year=year, fingerprint=fingerprint):
            _hold(state.phase == "running" and year == state.year, "that year was not running")
            state.phase, state.paused = "result", False
            state.fingerprints.append(fingerprint)
        case _:
            _hold(state.phase == "result", "no year had run")
            state.phase = "debrief"


def _hold(so: bool, otherwise: str) -> None:
    if not so:
        raise InputError(otherwise)


def _decision(lesson: Lesson, id: str, entry: SeatDecision) -> Decision:
    predictions = {}
    if entry.predictions:
        predictions = checked_predictions(lesson.questions, entry.predictions)
    return Decision(_values(lesson.seats[id], entry.values), predictions, entry.by)


def _values(seat: Seat, written: Mapping[str, Any]) -> dict[str, Value]:
    """Levers as they stand; they may pass the budget. Lists become tuples."""
    return checked_decision(seat.levers, written, None, seat.title)


def followed(lesson: Lesson, events: Iterable[Event]) -> tuple[State, int, str]:
    """The state after these events, how many could be followed, and what was wrong with the next.

    The last is empty if all could be followed.
    """
    state, number = beginning(lesson), 0
    for event in events:
        try:
            follow(state, event, lesson)
        except InputError as wrong:
            return state, number, str(wrong)
        number += 1
    return state, number, ""


def reached(state: State, lesson: Lesson) -> str:
    """How far a session has come, in words: year, and whose decisions of it are there."""
    if state.phase in ("result", "debrief"):
        return f"the end of year {state.year}"
    if state.phase == "running":
        return f"the decisions of year {state.year}, all of them"
    if state.phase == "lobby":
        return "the time before year 1"
    ready = [lesson.seats[id].title for id, seat in state.seats.items() if seat.committed]
    whose = ", ".join(ready) or "nobody so far"
    return f"the decisions of year {state.year}: handed in by {whose}"
