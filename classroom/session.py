"""A session: what a trainer and teams may do, and when.

Everything that counts is written to the journal before it happens. Whoever wants to act needs a
desk: the trainer gets one for the key, a team for its code. A desk can do nothing for another
seat, because none of its methods takes one; the trainer's desk is the only one that names seats.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from tocsin.classroom.bucket import Bucket
from tocsin.classroom.computer import computed
from tocsin.classroom.events import Opened, check_fingerprints, told
from tocsin.classroom.journal import FORMAT, NAME, Journal
from tocsin.classroom.lesson import Lesson, checked_predictions
from tocsin.classroom.levers import Value, spending
from tocsin.classroom.reading import load_lesson, read_lesson
from tocsin.classroom.security import (
    Limiter,
    checked_name,
    matching,
    new_code,
    new_key,
    same,
    screen_key,
    typed_code,
)
from tocsin.classroom.state import Decision, Phase, SeatState, follow, followed, reached
from tocsin.simulation.errors import InputError
from tocsin.simulation.state import FINGERPRINT_FORMAT

LONGEST_CLOCK = 3600.0
BEGAN = time.time() - time.monotonic()
BURST = 300  # acts of one seat at once; as many come back in half a minute
TRAINER = "trainer"


def steady() -> float:
    """Seconds since 1970 when the program began, counted on by a clock that nobody sets.

    A machine's clock is set now and then, by its user or from the network; a class's clock must
    not jump with it.
    """
    return BEGAN + time.monotonic()


@dataclass(frozen=True)
class TeamView:
    """All that a team may see; nothing of what others decide before the year is closed.

    Attributes
    ----------
    ready, teams
        How many teams have committed, of how many.
    draft, committed
        This team's levers as they stand, and whether it has handed them in.
    predictions
        This team's own, of this year.
    spent
        Cost of the draft in million USD a year.
    """

    phase: Phase
    year: int
    seat: str
    team: str
    code: str
    seconds: float
    paused: bool
    ready: int
    teams: int
    draft: dict[str, Value]
    in_force: dict[str, Value]
    committed: bool
    predictions: dict[str, float]
    spent: float


class Session:
    """One class, one world.

    Parameters
    ----------
    folder
        Where the journal is; a folder that holds one is taken up.
    lesson
        For a new session: name, path or lesson.
    clock
        Seconds since 1970, never set back.
    mend
        Whether a damaged session goes on from where it is whole; the rest is put aside.

    Attributes
    ----------
    lesson, state
        What is played, and how far it has come.
    version
        Grows with every event, so that pages know when to look again.

    Raises
    ------
    InputError
        There is nothing to take up and no lesson, or the journal is damaged.
    """

    def __init__(
        self,
        folder: Path,
        lesson: Lesson | str | Path | None = None,
        clock: Callable[[], float] = steady,
        mend: bool = False,
    ) -> None:
        self.folder, self.clock = folder, clock
        self.lock = threading.RLock()
        self.limiter = Limiter(clock)
        self._pace: dict[str, Bucket] = {}
        if lesson is not None and not isinstance(lesson, Lesson):
            lesson = load_lesson(lesson)
        if lesson is None and not (folder / NAME).is_file():
            raise InputError(f"{folder}: there is no session to take up; name a lesson.")
        self._journal = Journal(folder)
        try:
            self._begin(lesson, mend)
        except BaseException:
            self.close()
            raise

    def _begin(self, lesson: Lesson | None, mend: bool) -> None:
        """Take up what the journal tells, or open a new session."""
        journal = self._journal
        check_fingerprints(journal.events, journal.path)
        if journal.events:
            self.lesson = _lesson_of(journal)
            self.state, number, wrong = followed(self.lesson, journal.events)
            if wrong or journal.damage:
                self._refuse_unless(mend, number, wrong or journal.damage)
            journal.keep(number)
            self._take_up()
            return
        if journal.damage:
            raise _lost(journal, journal.damage)
        if lesson is None:
            raise InputError(f"{self.folder}: the session had not begun; name a lesson.")
        journal.keep(0)
        self.lesson = lesson
        self.state, _, _ = followed(lesson, ())
        self._note("opened", format=FORMAT, lesson=lesson.name, text=lesson.text, code=new_code(),
                   key=new_key(), folder=str(Path(lesson.scenario.path).parent))  # fmt: skip

    def _refuse_unless(self, mend: bool, number: int, wrong: str) -> None:
        """Raise InputError that says how far a damaged session is whole, unless it is to go on."""
        if not number:
            raise _lost(self._journal, wrong)
        if not mend:
            raise InputError(
                f"{self._journal.path}: line {number + 1} is damaged ({wrong.rstrip('.')}). The "
                f"session is whole up to {reached(self.state, self.lesson)}. To go on from there, "
                "add --mend; the journal as it is now is kept beside it."
            )

    def _take_up(self) -> None:
        """The time during which the server was down does not count on the clock."""
        state = self.state
        if state.phase == "deciding" and not state.paused:
            left = state.left(self._journal.events[-1].at)
            self._note("clock", seconds=left)

    def _note(self, kind: str, **data: Any) -> None:
        with self.lock:
            event = self._journal.append(self.clock(), kind, data)
            follow(self.state, event, self.lesson)

    @property
    def version(self) -> int:
        """Number of events so far, all of which have happened to the state."""
        with self.lock:
            return len(self._journal.events)

    def close(self) -> None:
        """Let go of the journal."""
        self._journal.close()

    # Coming in ----------------------------------------------------------------------------

    def as_trainer(self, key: str, address: str = "", page: str = "") -> "TrainerDesk":
        """The trainer's desk; raises InputError for another key. The right one always opens it."""
        with self.lock:
            if not same(key[:200], self.state.key):
                self._refuse("This is not the trainer's key of this session.", address, page, key)
            return TrainerDesk(self)

    def as_screen(self, key: str, address: str = "", page: str = "") -> None:
        """Whether this is the key of the big screen; raises InputError if not."""
        with self.lock:
            if not same(key[:200], screen_key(self.state.key)):
                self._refuse("This is not the key of the big screen.", address, page, key)

    def enter(self, code: str, address: str = "", page: str = "") -> "TeamDesk | None":
        """A team's desk for its own code; None for the code of the session.

        Raises InputError for a code of nobody, or too many wrong tries on this page.
        """
        with self.lock:
            self.limiter.allow(page)
            typed = typed_code(code)
            known = [(f"seat {id}", seat.code) for id, seat in self.state.seats.items()]
            found = matching(typed, [(TRAINER, self.state.code), *known])
            if found is None:
                said = "No session and no team has this code; look at the screen again."
                self._refuse(said, address, page, typed)
            if found == TRAINER:
                return None
            return TeamDesk(self, found.removeprefix("seat "), typed)

    def _refuse(self, said: str, address: str, page: str, typed: str) -> NoReturn:
        """Count a wrong key or code, which was not empty for want of one, and say so."""
        if typed.strip("-"):
            self.limiter.failed(address, page, typed)
        raise InputError(said)

    def join(
        self, code: str, team: str, seat: str, address: str = "", page: str = ""
    ) -> "TeamDesk":
        """Take a free seat with the code of the session.

        Raises InputError if the code, the name or the seat is not right.
        """
        with self.lock:
            if self.enter(code, address, page) is not None:
                raise InputError("This is the code of a team; to join, use that of the session.")
            name = checked_name(team)
            if self.state.phase == "debrief":
                raise InputError("The session is over; nobody can join it any more.")
            if not isinstance(seat, str) or seat not in self.state.seats:
                raise InputError("There is no such seat; choose one of the list.")
            here = self.state.seats[seat]
            if here.taken:
                raise InputError(
                    f"{self.lesson.seats[seat].title} is taken; choose another seat, or use the "
                    "team's own code."
                )
            if name.casefold() in {s.team.casefold() for s in self.state.seats.values() if s.taken}:
                raise InputError("Another team has this name; choose another one.")
            mine = new_code()
            self._note("joined", seat=seat, team=name, code=mine)
            return TeamDesk(self, seat, mine)

    def teams(self) -> dict[str, str]:
        """Name of the team in each seat by id; empty for a seat that is free."""
        with self.lock:
            return {id: seat.team for id, seat in self.state.seats.items()}

    def keep_pace(self, seat: str) -> None:
        """Raise InputError if a seat acts faster than people can: the disk is everybody's."""
        now = self.clock()
        bucket = self._pace.setdefault(seat, Bucket(BURST, BURST / 30, BURST, now))
        bucket.refill(now)
        if bucket.left < 1:
            raise InputError("That was too fast; wait a moment.")
        bucket.left -= 1

    # The clock ----------------------------------------------------------------------------

    def tick(self) -> None:
        """Close the year if the clock has run out."""
        with self.lock:
            state = self.state
            if state.phase == "deciding" and not state.paused and state.left(self.clock()) <= 0:
                self.close_year()

    def close_year(self) -> None:
        """Take what everybody has decided; whoever has not is not waited for."""
        with self.lock:
            if self.state.phase != "deciding":
                raise InputError("There is nothing to decide at the moment.")
            decisions = {id: self._decided(id) for id in self.lesson.seats}
            self._note("closed", year=self.state.year, decisions={
                id: {"values": d.values, "predictions": d.predictions, "by": d.by}
                for id, d in decisions.items()
            })  # fmt: skip

    def _decided(self, id: str) -> Decision:
        seat, here = self.lesson.seats[id], self.state.seats[id]
        if not here.taken or here.computer:
            return Decision(computed(self.lesson, seat, self.state), {}, "computer")
        if here.committed is not None:
            return here.committed
        before = self.state.in_force(id, seat.start)
        try:
            values = seat.checked(here.draft)
        except InputError:  # an unfinished draft, over the budget
            return Decision(before, {}, "nobody")
        return Decision(values, {}, "nobody" if values == before else "clock")

    def ran(self, fingerprint: str) -> None:
        """The year has run."""
        with self.lock:
            self._note("ran", year=self.state.year, fingerprint=fingerprint,
                       fingerprint_format=FINGERPRINT_FORMAT)  # fmt: skip

    def seconds_left(self) -> float:
        """Seconds left on the clock."""
        with self.lock:
            return self.state.left(self.clock())


def _lesson_of(journal: Journal) -> Lesson:
    """The lesson that stands in the first event; raises InputError if it is not one."""
    try:
        opened = told(journal.events[0])
        if not isinstance(opened, Opened):
            raise InputError("a session begins with its lesson")
        return read_lesson(opened.text, opened.lesson, Path(opened.folder))
    except InputError as wrong:
        raise _lost(journal, str(wrong)) from None


def _lost(journal: Journal, wrong: str) -> InputError:
    """The sentence for a journal of which nothing is left."""
    wrong = wrong.partition("\n")[0]  # a lesson tells every fault of it
    return InputError(
        f"{journal.path}: line 1 is damaged ({wrong.rstrip('.')}); nothing of the session can be "
        "taken up."
    )


class TeamDesk:
    """What a team may do and see: for its own seat, and nothing else."""

    def __init__(self, session: Session, seat: str, code: str) -> None:
        self._session, self._id, self._code = session, seat, code

    def _here(self) -> SeatState:
        here = self._session.state.seats[self._id]
        if not here.code or not same(here.code, self._code):
            raise InputError("Your team no longer has this seat; ask the trainer.")
        return here

    def _deciding(self) -> SeatState:
        here = self._here()
        self._session.keep_pace(self._id)
        if self._session.state.phase != "deciding":
            raise InputError("There is nothing to decide at the moment.")
        if here.computer:
            raise InputError("The computer has this seat for now; ask the trainer.")
        if self._session.seconds_left() <= 0:
            raise InputError("The time is up.")
        return here

    def move(self, key: str, value: Any) -> None:
        """Set one lever of the draft; raises InputError if it is not this team's or not allowed.

        The draft may pass the budget for a while; it cannot be committed then.
        """
        with self._session.lock:
            here = self._deciding()
            seat = self._session.lesson.seats[self._id]
            if not isinstance(key, str) or key not in seat.levers:
                raise InputError("This is no lever of your seat.")
            if here.committed is not None:
                raise InputError("You have handed in your decisions; take them back first.")
            checked = seat.levers[key].checked(value)
            if here.draft[key] != checked:
                self._session._note("draft", seat=self._id, values={**here.draft, key: checked})

    def commit(self, values: Mapping[str, Any], predictions: Mapping[str, Any]) -> None:
        """Hand in decisions and predictions of this year; raises InputError if not allowed."""
        with self._session.lock:
            self._deciding()
            if not isinstance(values, Mapping) or not isinstance(predictions, Mapping):
                raise InputError("Decisions and predictions come as tables of names and values.")
            decided = self._session.lesson.seats[self._id].checked(values)
            predicted = checked_predictions(self._session.lesson.questions, predictions)
            self._session._note("committed", seat=self._id, values=decided, predictions=predicted)

    def withdraw(self) -> None:
        """Take back what was handed in, while there is time."""
        with self._session.lock:
            if self._deciding().committed is not None:
                self._session._note("withdrawn", seat=self._id)

    def view(self) -> TeamView:
        """What this team may see now."""
        session = self._session
        with session.lock:
            here, state = self._here(), session.state
            seat = session.lesson.seats[self._id]
            teams = [s for s in state.seats.values() if s.taken and not s.computer]
            return TeamView(
                phase=state.phase, year=state.year, seat=self._id, team=here.team, code=here.code,
                seconds=session.seconds_left(), paused=state.paused,
                ready=sum(team.committed is not None for team in teams), teams=len(teams),
                draft=dict(here.draft), in_force=state.in_force(self._id, seat.start),
                committed=here.committed is not None,
                predictions=dict(here.committed.predictions) if here.committed else {},
                spent=spending(seat.levers, here.draft),
            )  # fmt: skip


class TrainerDesk:
    """What the trainer may do: everything that moves the session, nothing inside a team."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def next_year(self, minutes: float | None = None) -> None:
        """Open the next year for decisions; `minutes` if not those of the lesson."""
        session = self.session
        with session.lock:
            state, rounds = session.state, session.lesson.rounds
            if state.phase not in ("lobby", "result"):
                raise InputError("The present year is not over yet.")
            if state.year >= len(rounds):
                raise InputError("All years of the lesson are over; go to the debrief.")
            seconds = 60 * (rounds[state.year].minutes if minutes is None else minutes)
            session._note("year", year=state.year + 1, seconds=_seconds(seconds))

    def run_year(self) -> None:
        """Do not wait for the clock; raises InputError if there is nothing to decide."""
        self.session.close_year()

    def pause(self, on: bool) -> None:
        """Stop the clock, or the running year; or let it go on."""
        with self.session.lock:
            if self.session.state.phase not in ("deciding", "running"):
                raise InputError("Nothing is running that could be paused.")
            if self.session.state.paused != on:
                self.session._note("paused", on=bool(on))

    def set_clock(self, minutes: float) -> None:
        """Put so many minutes on the clock."""
        with self.session.lock:
            if self.session.state.phase != "deciding":
                raise InputError("The clock runs only while teams decide.")
            self.session._note("clock", seconds=_seconds(60 * minutes))

    def remove(self, seat: str) -> None:
        """Take the seat from a team; its code is void from now on."""
        with self.session.lock:
            if not self._seat(seat).taken:
                raise InputError("There is no team in this seat.")
            self.session._note("removed", seat=seat)

    def computer(self, seat: str, on: bool) -> None:
        """Let the computer's policy fill a seat, or give the seat back to its team."""
        with self.session.lock:
            if self._seat(seat).computer != on:
                self.session._note("computer", seat=seat, on=bool(on))

    def debrief(self) -> None:
        """End the session after any year that has run; raises InputError before the first."""
        with self.session.lock:
            if self.session.state.phase != "result":
                raise InputError("The debrief comes after a year that has run.")
            self.session._note("debriefed")

    def seats(self) -> dict[str, SeatState]:
        """Every seat with its team, its levers as they stand and what it has handed in."""
        with self.session.lock:
            return {id: SeatState(**vars(seat)) for id, seat in self.session.state.seats.items()}

    def _seat(self, seat: str) -> SeatState:
        if seat not in self.session.state.seats:
            raise InputError("There is no such seat.")
        return self.session.state.seats[seat]


def _seconds(seconds: float) -> float:
    if not math.isfinite(seconds) or not 10 <= seconds <= LONGEST_CLOCK:
        raise InputError("The clock takes 10 seconds to 60 minutes.")
    return float(seconds)
