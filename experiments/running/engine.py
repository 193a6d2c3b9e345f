"""Engines: where jobs are worked off, and what comes of one.

An `Engine` works chunks of jobs off: this process (`Here`), processes of this machine
(`tocsin.experiments.running.pool`), or a Dask cluster (`tocsin.experiments.running.cluster`). A
job that raises is a result too. `tocsin.experiments.running.stream` feeds engines.
"""

import pickle
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any, Protocol, Self

from tocsin.simulation.errors import InputError


@dataclass(frozen=True)
class Result[Value]:
    """What came of one job.

    Attributes
    ----------
    number
        Position of the job, from 0.
    value
        What the task returned; None if it failed.
    error
        What it raised, with the traceback as a note; None if it went well.
    seconds
        How long it took, without the way to the worker and back.
    """

    number: int
    value: Value | None
    error: BaseException | None
    seconds: float

    @property
    def reason(self) -> str:
        """Why the job failed, in one line; empty if it did not."""
        if self.error is None:
            return ""
        text = " ".join(str(self.error).split())
        return text if isinstance(self.error, InputError) else f"{_kind(self.error)}: {text}"


class Engine(Protocol):
    """Where jobs are worked off; a context manager that leaves no process behind.

    Attributes
    ----------
    deaths
        What a future raises if its worker died.
    patience
        Deaths of its worker, alone, after which a job counts as failed.
    """

    deaths: tuple[type[BaseException], ...]
    patience: int

    @property
    def workers(self) -> int:
        """Chunks that are worked on at the same time."""
        ...

    @property
    def ahead(self) -> int:
        """Chunks that are under way at most, the waiting ones included."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(self, *exception: object) -> None: ...
    def packed(self, task: Callable[[Any], Any]) -> Any:
        """The task as it travels with each chunk."""
        ...

    def submit(self, packed: Any, jobs: Sequence[tuple[int, Any]]) -> "Future[list[Result[Any]]]":
        """Begin to work off a chunk."""
        ...

    def mend(self) -> bool:
        """Replace what died; whether everything that was under way is lost with it."""
        ...


class Here:
    """The process itself, one job after the other; no worker that could die."""

    workers = 1
    ahead = 1
    deaths: tuple[type[BaseException], ...] = ()
    patience = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def packed(self, task: Callable[[Any], Any]) -> Any:
        """The task itself."""
        return task

    def submit(self, packed: Any, jobs: Sequence[tuple[int, Any]]) -> "Future[list[Result[Any]]]":
        """Work off a chunk at once."""
        future: Future[list[Result[Any]]] = Future()
        future.set_result(work_off(packed, jobs))
        return future

    def mend(self) -> bool:
        """Nothing dies here."""
        return False


def work_off(packed: Any, chunk: bytes | Sequence[tuple[int, Any]]) -> list[Result[Any]]:
    """Call the task with each job of a chunk; runs in the worker."""
    jobs: Sequence[tuple[int, Any]] = pickle.loads(chunk) if isinstance(chunk, bytes) else chunk
    task = _unpacked(packed) if isinstance(packed, bytes) else packed
    results: list[Result[Any]] = []
    for number, job in jobs:
        start = perf_counter()
        value, error = None, None
        try:
            value = task(job)
        except Exception as wrong:
            error = _portable(wrong)
        results.append(Result(number, value, error, perf_counter() - start))
    return results


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Callable[[Any], Any]:
    return pickle.loads(packed)


def _portable(wrong: Exception) -> BaseException:
    """The exception with its traceback as a note, or a plain one if it cannot travel."""
    wrong.add_note("".join(traceback.format_exception(wrong)).rstrip())
    try:
        return pickle.loads(pickle.dumps(wrong))
    except Exception:
        return RuntimeError(f"{_kind(wrong)}: {wrong}")


def _kind(error: BaseException) -> str:
    return type(error).__name__
