"""The clock of a page: plays a run at a chosen speed, and never faster than the page can draw."""

import threading
import time
from collections.abc import Callable

from tocsin.dashboard.parts.messages import sentence
from tocsin.simulation.errors import InputError

SPEEDS = (
    (1.0, "1 week a second"),
    (2.0, "2 weeks a second"),
    (4.0, "4 weeks a second"),
    (8.0, "8 weeks a second"),
    (16.0, "16 weeks a second"),
    (40.0, "40 weeks a second"),
    (0.0, "as fast as it goes"),
)
FRAMES = 20.0  # most frames a second
BUDGET = 0.03  # seconds of weeks between two frames when it goes as fast as it can
AHEAD = 2  # frames that may be on their way to the page
GONE = 15.0  # seconds after which a page that draws nothing is taken to be gone


class Clock:
    """Plays in a thread of its own.

    Parameters
    ----------
    advance
        Plays so many weeks and shows the last; called with the seconds until the next frame.
    over
        Whether there is nothing left to play.
    stopped
        Called when playing ends, whoever ended it, with the sentence of a week that failed; else
        the sentence is empty.
    lock
        Held while `advance` runs; what a page does to the run holds it too.
    """

    def __init__(
        self,
        advance: Callable[[int, float], None],
        over: Callable[[], bool],
        stopped: Callable[[str], None],
        lock: "threading.RLock",
    ) -> None:
        self._advance, self._over, self._stopped, self._lock = advance, over, stopped, lock
        self._going = threading.Event()  # a new one each time, or a loop that ends would go on
        self._news = threading.Event()
        self._sent = self._drawn = 0
        self.speed = 4.0

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._going.is_set()

    def play(self) -> None:
        """Begin; nothing happens if it plays already or nothing is left."""
        if self.playing or self._over():
            return
        going = self._going = threading.Event()
        going.set()
        self._drawn = self._sent
        threading.Thread(target=self._loop, args=(going,), name="clock", daemon=True).start()

    def pause(self) -> None:
        """Stop after the present frame."""
        self._going.clear()
        self._news.set()

    def sent(self) -> int:
        """Number the next frame."""
        self._sent += 1
        return self._sent

    def drawn(self, number: int) -> None:
        """The page has drawn this frame."""
        self._drawn = max(self._drawn, number)
        self._news.set()

    def _loop(self, going: threading.Event) -> None:
        due = time.monotonic()
        spent = 0.002  # seconds a week takes, learnt while playing
        fault = ""
        try:
            while going.is_set():
                speed = self.speed
                weeks = max(1, round(speed / FRAMES)) if speed else max(1, int(BUDGET / spent))
                pause = weeks / speed if speed else 0.0
                began = time.monotonic()
                with self._lock:
                    if not going.is_set() or self._over():
                        break
                    self._advance(weeks, pause)
                spent = max(1e-4, 0.8 * spent + 0.2 * (time.monotonic() - began) / weeks)
                due = max(due + pause, time.monotonic())
                if not self._caught_up(going):
                    break
                while going.is_set() and (left := due - time.monotonic()) > 0:
                    time.sleep(min(left, 0.05))
        except InputError as wrong:
            fault = sentence(wrong)
        finally:
            with self._lock:
                going.clear()
                if self._going is going:
                    self._stopped(fault)

    def _caught_up(self, going: threading.Event) -> bool:
        """Wait until the page has drawn nearly all that was sent; False if it is gone."""
        last = time.monotonic()
        while going.is_set() and self._sent - self._drawn > AHEAD:
            self._news.clear()
            if self._sent - self._drawn > AHEAD:
                self._news.wait(0.5)
            if time.monotonic() - last > GONE:
                return False
        return True
