"""Processes of this machine: how they start, work, and end with the one that started them."""

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import (
    connection,
    current_process,
    get_context,
    parent_process,
    resource_tracker,
)
from pathlib import Path
from typing import Any, Self

from tocsin.experiments.running.engine import Engine, Here, Result, work_off
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _


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
