"""What a session is at a moment, and how each event changes it.

The state follows from the journal and from nothing else: `follow` is a pure function of the state
and an event. So a server that was killed is where it was once it has read the journal again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dashboard.classroom.journal import Event
from dashboard.classroom.lesson import Lesson
from dashboard.classroom.levers import Value
from simulation.errors import InputError

Phase = Literal["lobby", "deciding", "running", "result", "debrief"]
By = Literal["team", "clock", "computer", "nobody"]


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
    """Let one event happen."""
    data = event.data
    seat = state.seats[data["seat"]] if "seat" in data else None
    if event.kind == "opened":
        state.code, state.key = data["code"], data["key"]
    elif event.kind == "joined" and seat is not None:
        seat.team, seat.code, seat.computer = data["team"], data["code"], False
        state.teams[data["seat"]] = data["team"]
    elif event.kind == "removed" and seat is not None:
        seat.team, seat.code, seat.committed = "", "", None
        seat.draft = state.in_force(data["seat"], lesson.seats[data["seat"]].start)
    elif event.kind == "computer" and seat is not None:
        seat.computer = data["on"]
    elif event.kind == "draft" and seat is not None:
        seat.draft = values_of(data["values"])
    elif event.kind == "committed" and seat is not None:
        seat.draft = values_of(data["values"])
        seat.committed = Decision(dict(seat.draft), dict(data["predictions"]), "team")
    elif event.kind == "withdrawn" and seat is not None:
        seat.committed = None
    else:
        _follow_clock(state, event)


def _follow_clock(state: State, event: Event) -> None:
    data = event.data
    if event.kind == "year":
        state.phase, state.year, state.paused = "deciding", data["year"], False
        state.seconds, state.since = data["seconds"], event.at
        for seat in state.seats.values():
            seat.committed = None
    elif event.kind == "clock":
        state.seconds, state.since = data["seconds"], event.at
    elif event.kind == "paused":
        state.seconds, state.paused, state.since = state.left(event.at), data["on"], event.at
    elif event.kind == "closed":
        state.phase = "running"
        state.years.append({name: _decision(entry) for name, entry in data["decisions"].items()})
        for name, seat in state.seats.items():
            seat.draft = dict(state.years[-1][name].values)
    elif event.kind == "ran":
        state.phase, state.paused = "result", False
        state.fingerprints.append(data["fingerprint"])
    elif event.kind == "debriefed":
        state.phase = "debrief"
    else:
        raise InputError(f"the journal has an event {event.kind!r}, which this version does not "
                         "know.")  # fmt: skip


def _decision(entry: Mapping[str, Any]) -> Decision:
    return Decision(values_of(entry["values"]), dict(entry["predictions"]), entry["by"])


def values_of(written: Mapping[str, Any]) -> dict[str, Value]:
    """Values as they stand in a journal: lists become tuples."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in written.items()}


def followed(lesson: Lesson, events: Iterable[Event]) -> State:
    """The state after these events."""
    state = beginning(lesson)
    for event in events:
        follow(state, event, lesson)
    return state
