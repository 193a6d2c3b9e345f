"""Many jobs for one function, on any engine, always with the same results.

`stream` feeds an engine and hands results on as they come, so memory does not grow with the number
of jobs. When a worker dies, the chunks that were under way are worked off again, one at a time, so
that a job that kills its worker is found out and does not take others with it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tocsin.experiments.running.engine import Engine, Result
from tocsin.experiments.running.pool import local, processors

CHUNK_SECONDS = 0.5
LARGEST_CHUNK = 2000
SCARCE = "if memory is scarce, use fewer workers (--workers 1)"


def run_all[Job, Value](
    task: Callable[[Job], Value],
    jobs: Iterable[Job],
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Value]:
    """Call `task` with each job and keep all results.

    Parameters
    ----------
    task
        A function at the top level of a module; with more than one worker it is sent to others.
    jobs
        Arguments, one for each call.
    workers
        Processes; all processors by default, 1 stays in this process.
    progress
        Called with the number of finished jobs after each.

    Returns
    -------
    Results in the order of the jobs, whoever finished first.

    Raises
    ------
    Exception
        Whatever a job raised, with a note that names the job; the others are cancelled.
    """
    todo = list(jobs)
    if workers is None:
        workers = processors()
    values: dict[int, Any] = {}
    with local(min(workers, max(1, len(todo)))) as engine:
        for result in stream(task, todo, engine, len(todo)):
            if result.error is not None:
                result.error.add_note(f"in the job {todo[result.number]!r}")
                raise result.error
            values[result.number] = result.value
            if progress is not None:
                progress(len(values))
    return [values[number] for number in range(len(todo))]


@dataclass(frozen=True)
class _Chunk:
    jobs: list[tuple[int, Any]]
    deaths: int = 0


def stream[Job, Value](
    task: Callable[[Job], Value],
    jobs: Iterable[Job],
    engine: Engine,
    total: int | None = None,
) -> Iterator[Result[Value]]:
    """Work jobs off and yield what comes of each, in the order in which they finish.

    Parameters
    ----------
    task
        Called with each job; what it raises becomes the result of that job.
    jobs
        Taken only as fast as they are worked off.
    engine
        Where; it must have been entered.
    total
        Number of jobs, if known, so that the last chunks are small and nobody waits for one.

    Raises
    ------
    ConnectionError
        The cluster is gone; what was yielded stays true.
    """
    packed = engine.packed(task)
    source = _Source(jobs, engine.workers, total)
    suspects: deque[_Chunk] = deque()
    flying: dict[Future[list[Result[Value]]], _Chunk] = {}
    try:
        while True:
            if suspects:
                if not flying:
                    chunk = suspects.popleft()
                    flying[engine.submit(packed, chunk.jobs)] = chunk
            else:
                while len(flying) < engine.ahead and (chunk := source.take()) is not None:
                    try:
                        flying[engine.submit(packed, chunk.jobs)] = chunk
                    except engine.deaths:
                        suspects.append(chunk)
                        break
            if not flying and not suspects:
                return
            alone = len(flying) == 1
            done = wait(flying, return_when=FIRST_COMPLETED).done
            lost: list[_Chunk] = []
            while done:
                for future in done:
                    chunk = flying.pop(future)
                    try:
                        results = future.result()
                    except engine.deaths:
                        lost.append(chunk)
                        continue
                    except CancelledError:
                        raise ConnectionError("the cluster is gone, or dropped the work") from None
                    source.learn(results)
                    yield from results
                # A broken pool settles everything that was under way; some of it did finish.
                done = wait(flying).done if lost and engine.mend() else set()
            for chunk in lost:
                yield from _suspected(chunk, alone, engine.patience, suspects)
    finally:
        for future in flying:
            future.cancel()


def _suspected(
    chunk: _Chunk, alone: bool, patience: int, suspects: deque[_Chunk]
) -> Iterator[Result[Any]]:
    """Queue a chunk whose worker died; give a single job up that did it alone, several times."""
    if alone and len(chunk.jobs) > 1:
        suspects.extend(_Chunk([job]) for job in chunk.jobs)
        return
    deaths = chunk.deaths + alone
    if deaths < patience:
        suspects.append(_Chunk(chunk.jobs, deaths))
        return
    ((number, _),) = chunk.jobs
    times = f", {patience} times" if patience > 1 else ""
    yield Result(number, None, ChildProcessError(f"the worker process died{times}; {SCARCE}"), 0.0)


class _Source:
    """Numbers jobs and cuts them into chunks of about half a second."""

    def __init__(self, jobs: Iterable[Any], workers: int, total: int | None) -> None:
        self._jobs = enumerate(jobs)
        self._workers = workers
        self._left = total
        self._seconds: float | None = None

    def take(self) -> _Chunk | None:
        """The next chunk, None at the end."""
        size = 1
        if self._seconds is not None:
            size = int(min(max(CHUNK_SECONDS / max(self._seconds, 1e-9), 1), LARGEST_CHUNK))
        if self._left is not None:
            size = max(1, min(size, self._left // (2 * self._workers)))
            self._left -= size
        jobs = list(islice(self._jobs, size))
        return _Chunk(jobs) if jobs else None

    def learn(self, results: Sequence[Result[Any]]) -> None:
        """Take how long a chunk took into account."""
        mean = sum(result.seconds for result in results) / len(results)
        self._seconds = mean if self._seconds is None else 0.7 * self._seconds + 0.3 * mean
