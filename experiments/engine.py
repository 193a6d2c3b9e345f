"""The engine: one function, many jobs, any number of processes, always the same results."""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all[Job, Result](
    task: Callable[[Job], Result],
    jobs: Iterable[Job],
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Result]:
    """Call `task` with each job.

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
    workers = min(processors() if workers is None else workers, max(1, len(todo)))
    if workers == 1:
        results: list[Result] = []
        for job in todo:
            results.append(_named(task, job))
            if progress is not None:
                progress(len(results))
        return results
    return _in_processes(task, todo, workers, progress)


def _named[Job, Result](task: Callable[[Job], Result], job: Job) -> Result:
    try:
        return task(job)
    except Exception as wrong:
        wrong.add_note(f"in the job {job!r}")
        raise


def _in_processes[Job, Result](
    task: Callable[[Job], Result],
    todo: Sequence[Job],
    workers: int,
    progress: Callable[[int], None] | None,
) -> list[Result]:
    context = get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload(["simulation.run"])
    executor = ProcessPoolExecutor(workers, context, initializer=_leave_interrupts)
    try:
        futures = {executor.submit(_named, task, job): n for n, job in enumerate(todo)}
        for done, future in enumerate(as_completed(futures), 1):
            future.result()
            if progress is not None:
                progress(done)
        return [future.result() for future in futures]
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C is for the parent, which lets the workers finish what they are at and go."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
