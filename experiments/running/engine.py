"""The engine: one function, many jobs, any number of processes, always the same results.

An `Engine` is a place where chunks of jobs are worked off: this process (`Here`), processes of this
machine (`LocalPool`), or a Dask cluster (`tocsin.experiments.running.cluster`). `stream` feeds it
and hands results on as they come, so memory does not grow with the number of jobs. A job that
raises is a result too. When a worker dies, the chunks that were under way are worked off again, one
at a time, so that a job that kills its worker is found out and does not take others with it.
"""

import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from multiprocessing import (
    connection,
    current_process,
    get_context,
    parent_process,
    resource_tracker,
)
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, Self

from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _

CHUNK_SECONDS = 0.5
LARGEST_CHUNK = 2000
SCARCE = "if memory is scarce, use fewer workers (--workers 1)"


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


class LocalPool:
    """Processes of this machine."""

    deaths: tuple[type[BaseException], ...] = (BrokenProcessPool,)
    patience = 3

    def __init__(self, workers: int | None = None) -> None:
        self.workers = processors() if workers is None else workers
        self.ahead = 2 * self.workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._pool is not None:
            _end(self._pool, at_once=bool(exception) and exception[0] is not None)
            self._pool = None

    def packed(self, task: Callable[[Any], Any]) -> bytes:
        """The task in pickled form.

        Raises
        ------
        InputError
            Another process could not find the task.
        """
        return _packed(task)

    def submit(self, packed: Any, jobs: Sequence[tuple[int, Any]]) -> "Future[list[Result[Any]]]":
        """Hand a chunk to the next free process."""
        if self._pool is None:
            self._pool = self._started()
        carried = _packed(jobs)
        with _quiet_start():
            return self._pool.submit(work_off, packed, carried)

    def mend(self) -> bool:
        """Start anew: a pool that lost one process is broken as a whole."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        return True

    def _started(self) -> ProcessPoolExecutor:
        if getattr(current_process(), "_inheriting", False):
            raise SystemExit(
                1
            )  # a worker that reads a script without its guard; the parent says so
        context = get_context("spawn" if sys.platform == "win32" else "forkserver")
        if sys.platform != "win32":
            context.set_forkserver_preload(["tocsin.experiments.running.ready"])
        try:
            pool = ProcessPoolExecutor(self.workers, context, initializer=_settle_in)
        except (OSError, ImportError, NotImplementedError) as wrong:
            raise InputError(
                f"worker processes cannot start: the system gives no shared memory ({wrong}); on "
                "Linux /dev/shm must be a folder that can be written, with room; or use one worker "
                "(--workers 1)."
            ) from None
        try:
            with _quiet_start():
                first = pool.submit(int)
            first.result()
        except BrokenProcessPool:
            _end(pool, at_once=True)
            raise InputError(
                "worker processes cannot start: a script that starts them needs the line "
                "if __name__ == '__main__': before its calls; or use one worker."
            ) from None
        except (OSError, MemoryError, RuntimeError) as wrong:
            _end(pool, at_once=True)
            raise InputError(
                f"worker processes cannot start: {wrong or 'no memory'}; where memory or the "
                "number of processes is limited, use fewer workers, or one (--workers 1)."
            ) from None
        except BaseException:
            _end(pool, at_once=True)
            raise
        return pool


def _packed(thing: object) -> bytes:
    """A task, or a chunk of jobs, as it travels to other processes.

    Raises InputError if they could not find what it refers to.
    """
    try:
        packed = pickle.dumps(thing)
        if b"__main__" in packed and not _script():
            raise pickle.PicklingError("it stands in a notebook or in a script that is no file")
    except (pickle.PicklingError, AttributeError, TypeError) as wrong:
        raise InputError(_(
            "what is to be run cannot be sent to other processes ({why}); define functions and "
            "mechanisms at the top level of a module, or use one worker.", why=wrong,
        )) from None  # fmt: skip
    return packed


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one from their first moment.

    They inherit that the signal is blocked, and here it is kept back until they are known: one
    that is half started could not be ended. A script that is no file (`python - < script`) is
    hidden from them, because they would look for it.
    """
    main = sys.modules["__main__"]
    hidden = None if _script() else main.__dict__.pop("__file__", None)
    here = threading.current_thread() is threading.main_thread() and sys.platform != "win32"
    came: list[int] = []
    before: Any = None
    if here:
        resource_tracker.ensure_running()  # some versions of it let the signal through again
        before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        if hidden is not None:
            main.__dict__["__file__"] = hidden
        if here:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def _script() -> bool:
    """Whether other processes can import what this one runs."""
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    return getattr(main, "__spec__", None) is not None or (
        file is not None and Path(file).is_file()
    )


def _end(pool: ProcessPoolExecutor, at_once: bool) -> None:
    """Close a pool, and leave no process behind; at once, without waiting for what is under way."""
    for worker in list((pool._processes or {}).values()) if at_once else ():
        worker.kill()
    pool.shutdown(wait=True, cancel_futures=True)


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def local(workers: int | None = None) -> Engine:
    """An engine on this machine: all processors by default, 1 stays in this process.

    Raises
    ------
    InputError
        If `workers` is no number of processes.
    """
    number = processors() if workers is None else workers
    if number < 1:
        raise InputError(f"workers = {workers}: allowed is a whole number from 1.")
    return Here() if number == 1 else LocalPool(number)


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


def _settle_in() -> None:
    """Leave Ctrl-C to the parent, and go when the parent is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is None:
        return

    def follow() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, name="follow-parent", daemon=True).start()
