"""Is it luck? Paired replications in the background, with progress and a way to stop.

One job runs at a time on a server; the next one waits, so that a class cannot tie up a machine.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from tocsin.experiments.comparing.comparison import Comparison, compare
from tocsin.experiments.running.pool import processors
from tocsin.simulation.errors import InputError
from tocsin.simulation.scenario.files import Scenario

SIZES = (10, 20, 30)
MOST_WORKERS = 2
_one_at_a_time = threading.Lock()


class _StopError(Exception):
    """Somebody pressed stop."""


class LuckJob:
    """A comparison that runs in a thread; results come by callback.

    Parameters
    ----------
    first, second
        The base and what is held against it.
    progress
        Called with (runs done, runs wanted).
    done
        Called once, with the comparison, or with a sentence that says why there is none.
    """

    def __init__(
        self,
        first: Scenario,
        second: Scenario,
        replications: int,
        seed: int,
        progress: Callable[[int, int], None],
        done: Callable[[Comparison | str], None],
    ) -> None:
        self._scenarios = replace(first, name="first"), replace(second, name="second")
        self._replications, self._seed = replications, seed
        self._progress, self._done = progress, done
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="luck", daemon=True)

    def start(self) -> None:
        """Begin, or wait for the job of another browser."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the runs that are under way."""
        self._stop.set()

    def _run(self) -> None:
        total = 2 * self._replications
        self._progress(0, total)
        while not _one_at_a_time.acquire(timeout=0.2):
            if self._stop.is_set():
                self._done("Stopped.")
                return
        try:
            found: Comparison | str = compare(
                self._scenarios, self._replications, self._seed,
                workers=min(MOST_WORKERS, processors()), progress=lambda n: self._note(n, total),
                different_maps=True,  # the page has said so
            )  # fmt: skip
        except _StopError:
            found = "Stopped."
        except InputError as wrong:
            found = str(wrong)
        except Exception as wrong:  # whatever a worker died of, the page has to say something
            found = f"The comparison failed: {wrong}"
        finally:
            _one_at_a_time.release()
        self._done(found)

    def _note(self, finished: int, total: int) -> None:
        if self._stop.is_set():
            raise _StopError
        self._progress(finished, total)
