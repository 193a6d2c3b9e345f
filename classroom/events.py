"""What the data of each kind of event look like; a journal is checked against this."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tocsin.classroom.journal import FORMAT, Event
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.state import FINGERPRINT_FORMAT, fingerprint_format

By = Literal["team", "clock", "computer", "nobody"]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
YearNumber = Annotated[int, Field(ge=1)]


class Told(BaseModel):
    """Data of an event; unknown and missing fields are faults, and so are other types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Opened(Told):
    """The session began, with this lesson."""

    format: int
    lesson: str
    text: str
    code: str
    key: str
    folder: str


class Joined(Told):
    """A team took a seat."""

    seat: str
    team: str
    code: str


class Removed(Told):
    """The trainer took the seat from its team."""

    seat: str


class Computer(Told):
    """The computer took a seat over, or gave it back."""

    seat: str
    on: bool


class Draft(Told):
    """A team moved a lever."""

    seat: str
    values: dict[str, Any]


class Committed(Told):
    """A team handed in."""

    seat: str
    values: dict[str, Any]
    predictions: dict[str, Any]


class Withdrawn(Told):
    """A team took back what it had handed in."""

    seat: str


class Year(Told):
    """A year was opened for decisions."""

    year: YearNumber
    seconds: Seconds


class ClockSet(Told):
    """The clock was set."""

    seconds: Seconds


class Paused(Told):
    """Clock and running year stand still, or go on."""

    on: bool


class SeatDecision(Told):
    """What counted for one seat."""

    values: dict[str, Any]
    predictions: dict[str, Any]
    by: By


class Closed(Told):
    """The decisions of a year were taken."""

    year: YearNumber
    decisions: dict[str, SeatDecision]


class Ran(Told):
    """A year has run."""

    year: YearNumber
    fingerprint: str
    fingerprint_format: Annotated[int, Field(ge=1)] = 1


class Debriefed(Told):
    """The session went on to its debrief."""


KINDS: dict[str, type[Told]] = {
    "opened": Opened, "joined": Joined, "removed": Removed, "computer": Computer, "draft": Draft,
    "committed": Committed, "withdrawn": Withdrawn, "year": Year, "clock": ClockSet,
    "paused": Paused, "closed": Closed, "ran": Ran, "debriefed": Debriefed,
}  # fmt: skip


def check_fingerprints(events: Iterable[Event], path: Path) -> None:
    """Refuse a session with a year whose fingerprint has another format; raises InputError.

    Nobody could tell whether the world comes out as the class had it.
    """
    for event in events:
        if event.kind != "ran":
            continue
        found = fingerprint_format(event.data, path)
        if found != FINGERPRINT_FORMAT:
            raise InputError(_(
                "{path}: an earlier version of Tocsin ran the years of this session; its "
                "fingerprints are of format {found}, those of today of format {known}, so nobody "
                "can tell whether the years come out as they were. Take the session up with that "
                "version; nothing was changed, and its decisions stand in this file.",
                path=path, found=found, known=FINGERPRINT_FORMAT,
            ))  # fmt: skip


def told(event: Event) -> Told:
    """Data of an event, checked; raises InputError if they are not those of its kind."""
    if event.kind not in KINDS:
        raise InputError(f"this version does not know an event {event.kind[:40]!r}")
    try:
        data = KINDS[event.kind](**event.data)
    except (ValidationError, TypeError) as wrong:
        where = ""
        if isinstance(wrong, ValidationError):
            where = " at " + ".".join(map(str, wrong.errors()[0]["loc"]))[:80]
        raise InputError(f"the event {event.kind!r} is not what it should be{where}") from None
    if isinstance(data, Opened) and data.format != FORMAT:
        raise InputError(f"the session has format {data.format}; this version knows {FORMAT}")
    return data
