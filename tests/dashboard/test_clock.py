"""The clock plays to the end, stops when told, and never runs ahead of the page."""

import threading
import time
from collections.abc import Callable

from tocsin.dashboard.parts.clock import AHEAD, Clock
from tocsin.simulation.errors import InputError


class Played:
    """A run of so many weeks that only counts."""

    def __init__(self, weeks: int, draws: bool = True) -> None:
        self.week, self.weeks, self.draws, self.stops = 0, weeks, draws, 0
        self.clock = Clock(self.advance, lambda: self.week >= weeks, self.stopped,
                           threading.RLock())  # fmt: skip
        self.clock.speed = 0.0

    def advance(self, weeks: int, pause: float) -> None:
        self.week = min(self.weeks, self.week + min(weeks, 3))
        number = self.clock.sent()
        if self.draws:
            self.clock.drawn(number)

    def stopped(self, fault: str) -> None:
        self.stops += 1
        self.fault = fault

    def wait(self, until: Callable[[], bool] | None = None) -> None:
        """Until it has stopped, or something else has come about; 20 seconds at most."""
        end = time.monotonic() + 20
        while not (until() if until else self.stops) and time.monotonic() < end:
            time.sleep(0.01)


def test_it_plays_to_the_end_and_says_so() -> None:
    played = Played(50)
    played.clock.play()
    played.wait()
    assert played.week == 50
    assert played.stops == 1
    played.clock.play()
    assert not played.clock.playing


def test_it_waits_for_a_page_that_has_not_drawn() -> None:
    played = Played(10_000, draws=False)
    played.clock.play()
    played.wait(lambda: played.clock._sent == AHEAD + 1)
    sent = played.clock._sent
    assert sent == AHEAD + 1
    time.sleep(0.3)
    assert played.clock._sent == sent
    played.clock.drawn(sent)
    played.wait(lambda: played.clock._sent == 2 * sent)
    assert played.clock._sent == 2 * sent
    played.clock.pause()
    played.wait()
    assert not played.clock.playing and played.stops == 1


def test_it_stops_when_told() -> None:
    played = Played(10**9)
    played.clock.play()
    time.sleep(0.1)
    played.clock.pause()
    played.wait()
    week = played.week
    time.sleep(0.2)
    assert played.week == week


def test_pausing_and_playing_at_once_leaves_one_loop() -> None:
    played = Played(10**9)
    played.clock.speed = 2.0  # half a second between two weeks: the old loop is still asleep
    for _ in range(5):
        played.clock.play()
        played.clock.pause()
    played.clock.play()
    loops = [t for t in threading.enumerate() if t.name == "clock"]
    for loop in loops[:-1]:
        loop.join(10)
    assert played.clock.playing and played.stops == 0
    assert [t for t in threading.enumerate() if t.name == "clock"] == loops[-1:]
    played.clock.pause()
    played.wait()
    assert played.stops == 1


def test_a_week_that_fails_ends_playing_with_its_sentence() -> None:
    played = Played(50)

    def fails(weeks: int, pause: float) -> None:
        raise InputError("mechanism 'bells' failed.")

    played.advance = fails  # pyright: ignore[reportAttributeAccessIssue]
    played.clock = Clock(played.advance, lambda: False, played.stopped, threading.RLock())
    played.clock.play()
    played.wait()
    assert (played.clock.playing, played.fault) == (False, "mechanism 'bells' failed.")
