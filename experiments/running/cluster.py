"""A Dask cluster as an engine; needs the extra ``cluster``."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from time import monotonic
from typing import Any, Self

from tocsin.experiments.running.engine import Result, work_off
from tocsin.simulation.errors import InputError

CONNECT_SECONDS = 20
ASK_SECONDS = 5


class DaskCluster:
    """Workers of any Dask cluster that runs already, by the address of its scheduler.

    The scheduler moves chunks of a worker that died to another one by itself, and gives up after
    it lost several workers with the same chunk.

    Raises
    ------
    InputError
        Dask is not installed, or nobody answers at the address.
    """

    patience = 1

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
            from distributed.scheduler import KilledWorker
        except ImportError:
            raise InputError(
                "--engine dask: Dask is not installed; install tocsin with the extra cluster."
            ) from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as wrong:
            raise InputError(f"--scheduler {address}: no answer ({wrong}).") from None
        self.deaths: tuple[type[BaseException], ...] = (KilledWorker,)
        self.address = address
        self._executor = self._client.get_executor(pure=False)
        self._threads, self._asked = 1, float("-inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    @property
    def workers(self) -> int:
        """Threads of all workers that were there in the last seconds; 1 while none is."""
        if monotonic() > self._asked + ASK_SECONDS:
            threads: Any = self._client.nthreads()
            self._threads, self._asked = max(1, sum(threads.values())), monotonic()
        return self._threads

    @property
    def ahead(self) -> int:
        """Chunks under way at most; grows when workers join."""
        return 2 * self.workers

    def packed(self, task: Callable[[Any], Any]) -> bytes:
        """The task in pickled form, functions of a notebook included."""
        import cloudpickle

        return cloudpickle.dumps(task)

    def submit(self, packed: Any, jobs: Sequence[tuple[int, Any]]) -> "Future[list[Result[Any]]]":
        """Send a chunk to the scheduler."""
        return self._executor.submit(work_off, packed, jobs)

    def mend(self) -> bool:
        """The scheduler has done what can be done; what else is under way goes on."""
        return False
