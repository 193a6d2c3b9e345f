"""The room: one session, its running world and its debrief, shared by all who look at it.

A thread of its own lets the clock run and the model step, so pages stay quick, and another one has
processes work out the points meanwhile. Pages look at weeks and points, which are never changed
once they are there.
"""

import copy
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tocsin.classroom.debrief import (
    Debrief,
    Guess,
    Knowledge,
    debriefed,
    decided,
    guesses_of,
    knowledge_of,
)
from tocsin.classroom.lesson import YEAR
from tocsin.classroom.points import SeatYear, year_points
from tocsin.classroom.session import Session
from tocsin.classroom.world import SharedWorld, changes_of, scenario_file
from tocsin.simulation.errors import InputError
from tocsin.simulation.model import BorderModel

PACE = 0.25  # seconds between two weeks that people watch
TICK = 0.1


@dataclass(frozen=True)
class SeenWeek:
    """A week that has run: of the world, and in which governed year it lies (0 before them)."""

    week: int
    year: int
    week_of_year: int


class Room:
    """What a server holds: a session and the world that follows it.

    Parameters
    ----------
    session
        The session; what it has played already is run again, week by week the same.
    pace
        Seconds between two weeks; 0 as fast as it goes.
    workers
        Processes for points and debrief; all processors by default, 1 stays in this process.
    look
        Called with the model as the class takes over and after every week.

    Attributes
    ----------
    points
        By year and seat, as soon as they are worked out. They follow from the decisions and the
        seed, so a session that is taken up gets the same ones again.

    Raises
    ------
    InputError
        The world that the journal tells of does not come out again: another version wrote it.
    """

    def __init__(
        self,
        session: Session,
        pace: float = PACE,
        workers: int | None = None,
        look: Callable[[BorderModel], None] | None = None,
    ) -> None:
        self.session, self.pace, self.workers = session, pace, workers
        self.weeks: list[SeenWeek] = []
        self._look = look
        self.problem = ""
        self.link = ""
        self.debrief: Debrief | None = None
        self.debrief_share = 0.0
        self.points: dict[int, dict[str, SeatYear]] = {}
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._counting = threading.Lock()
        self.world = SharedWorld(session.lesson)
        self._note_week()
        for year, expected in enumerate(session.state.fingerprints, 1):
            self._govern(year)
            self._run_weeks(0.0)
            if self.world.fingerprint() != expected:
                raise InputError(
                    f"{session.folder}: year {year} does not come out as it was; the session was "
                    "played with another version of the model."
                )

    # The threads --------------------------------------------------------------------------

    def start(self) -> None:
        """Let time pass from now on; one thread runs the years, another works out their points."""
        for name, work in (("classroom", self.advance), ("points", self.count_points)):
            thread = threading.Thread(target=self._work, args=(work,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End the threads and let go of the journal."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self.session.close()

    def _work(self, work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                work()
            except InterruptedError:
                return
            except Exception as wrong:
                kind = "" if isinstance(wrong, InputError) else f"{type(wrong).__name__}: "
                self.problem = f"{kind}{wrong}"
                self._stop.wait(5 * TICK)
            self._stop.wait(TICK)

    def advance(self) -> None:
        """Do what is due now: close a year whose time is up, run a closed one, debrief."""
        self.session.tick()
        phase = self.session.state.phase
        if phase == "running":
            self._govern(self.session.state.year)
            self._run_weeks(self.pace)
            if not self._stop.is_set():
                self.session.ran(self.world.fingerprint())
        elif phase == "debrief" and self.debrief is None:
            self.debrief = self.worked_out()

    def count_points(self) -> None:
        """Work out the points of every year that is closed and has none yet.

        The year need not have run: its decisions and the years before are enough.
        """
        with self._counting:
            lesson = self.session.lesson
            with self.session.lock:
                years = decided(self.session.state.years)
            for year in range(len(self.points) + 1, len(years) + 1):
                self.points[year] = year_points(
                    lesson, years, year, self.workers, lambda _: self._go_on()
                )

    def worked_out(self) -> Debrief:
        """The debrief of the years that have run; raises InputError before the first."""
        with self.session.lock:
            state = copy.deepcopy(self.session.state)
        if not state.fingerprints:
            raise InputError(f"{self.session.folder}: no year of the session has run yet.")
        self.count_points()
        return debriefed(
            self.session.lesson, state, self.world, self.points, self._share, self.workers
        )

    def _share(self, share: float) -> None:
        self.debrief_share = share
        self._go_on()

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise InterruptedError("the server is going down")

    def _govern(self, year: int) -> None:
        with self.session.lock:
            years = decided(self.session.state.years[:year])
            teams = dict(self.session.state.teams)
        self.world.govern(changes_of(self.session.lesson, years, teams))

    def _run_weeks(self, pace: float) -> None:
        """Run the present year to its end, at a pace that people can watch."""
        first = True
        while first or self.world.model.week % YEAR:
            while self.session.state.paused and pace and not self._stop.is_set():
                self._stop.wait(TICK)
            if self._stop.is_set():
                return
            due = time.monotonic() + pace
            self.world.step()
            self._note_week()
            first = False
            if pace:
                self._stop.wait(max(0.0, due - time.monotonic()))

    def _note_week(self) -> None:
        model = self.world.model
        before = YEAR * self.session.lesson.world.years_before
        governed = model.week - before
        year = -(-governed // YEAR) if governed else 0
        if self._look is not None:
            self._look(model)
        self.weeks.append(SeenWeek(model.week, year, governed - YEAR * (year - 1)))

    # What pages show ----------------------------------------------------------------------

    def guesses(self, seat: str) -> list[Guess]:
        """A seat's predictions so far, with what came."""
        return guesses_of(self.session.lesson, self.session.state, self.world, seat)

    def knowledge(self, seat: str, year: int) -> Knowledge:
        """What an agency learnt from partners in a year that has run."""
        lesson = self.session.lesson
        first = lesson.first_week(year)
        news = [item for item in self.world.news if first <= item.week < first + YEAR]
        return knowledge_of(lesson.seats[seat].country, news)

    def scenario_file(self, title: str = "What a class decided") -> str:
        """The scenario file of what was played so far."""
        with self.session.lock:
            state = self.session.state
            changes = changes_of(self.session.lesson, decided(state.years), state.teams)
        return scenario_file(self.session.lesson, changes, title)
