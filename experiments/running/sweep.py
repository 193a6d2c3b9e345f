"""Sweeps: run a study into its store, go on where one stopped, repeat one run exactly."""

import math
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.design.replicating import goals
from tocsin.experiments.design.study import Kept, ScenarioTask, Study, Task, values_of
from tocsin.experiments.running.engine import Engine, Result, work_off
from tocsin.experiments.running.parts import Parts
from tocsin.experiments.running.pool import local
from tocsin.experiments.running.provenance import changed_mechanisms, reloaded
from tocsin.experiments.running.store import RECORD, RunRecord, Store, check, identity
from tocsin.experiments.running.stream import stream
from tocsin.simulation.errors import InputError
from tocsin.simulation.messages import _
from tocsin.simulation.recording.quantities import duration, volume
from tocsin.simulation.run import Run
from tocsin.simulation.state import FINGERPRINT_FORMAT, fingerprint_format

PART_ROWS = 5000
PART_CELLS = 4_000_000
FLUSH_SECONDS = (1.0, 60.0)
FLUSH_SHARE = 0.02
LONG_PROBE_SECONDS = 5.0
STORE_BYTES = 300_000  # manifest, scenario and map
PART_BYTES = 30_000  # what Parquet adds to the three files of a part


@dataclass(frozen=True)
class SweepJob:
    """One run that is asked for."""

    values: Mapping[str, Any]
    seed: int


@dataclass(frozen=True)
class RunTask:
    """A task in the form that the engine calls; what it returns is checked."""

    task: Task

    def __call__(self, job: SweepJob) -> Kept:
        """Run one job."""
        kept = self.task(job.values, job.seed)
        kept = kept if isinstance(kept, Kept) else Kept(kept)
        for name, value in kept.values.items():
            if value is not None and not isinstance(value, str):
                try:
                    float(value)
                except (TypeError, ValueError):
                    raise TypeError(f"{name} is neither a number nor a text: {value!r}") from None
        return kept


@dataclass(frozen=True)
class Plan:
    """What a sweep is about to do, from a timed probe of its first run.

    Attributes
    ----------
    runs, points, replications
        Size of the study or shard; with a stopping rule, at most.
    left
        Runs that are not done yet.
    seconds
        Of one run on one worker.
    size
        Bytes that are still to be written, at most; compression makes it less.
    free
        Bytes that are free on the disk.
    failure
        Why the first run failed when it was timed; empty if it did not. Time and size are guesses
        then.
    """

    runs: int
    points: int
    replications: int
    left: int
    workers: int
    seconds: float
    size: int
    free: int
    failure: str = ""

    def __str__(self) -> str:
        done = self.runs - self.left
        short = "; the disk may not hold it" if self.size > self.free else ""
        return (
            f"{self.runs:,} runs ({self.points:,} points, {self.replications:,} replications)"
            f"{f', {done:,} done before' if done else ''}: about "
            f"{duration(self.left * self.seconds / self.workers)} on {self.workers} workers, "
            f"{volume(self.size)} on the disk at most ({volume(self.free)} free){short}"
        )


def plan(
    study: Study, folder: Path, workers: int, shard: tuple[int, int] | None = None
) -> Plan:  # fmt: skip
    """Time the first run of a study in this process, and count what there is to do."""
    points, most = study.points(), study.replications.at_most
    mine = _mine(study, len(points), shard)
    done = np.zeros(mine.shape, dtype=bool)
    told = check(folder, study, shard)
    if told and (folder / "ledger").is_dir():
        done = Parts(folder, identity(told)).finished(mine.shape) > 0
    job = (0, SweepJob(values_of(points, 0), study.seed))
    tried = work_off(RunTask(study.task), [job])
    while len(tried) < 3 and not tried[-1].error and tried[-1].seconds < LONG_PROBE_SECONDS:
        tried += work_off(RunTask(study.task), [job])
    seconds = min(one.seconds for one in tried)
    size = 8 * len(RECORD) + _size(tried[0].value)
    near = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    left = int((mine & ~done).sum())
    size = STORE_BYTES + left * size + PART_BYTES * _parts(left * seconds / workers)
    return Plan(
        int(mine.sum()), len(points), most, left, workers, seconds, size,
        shutil.disk_usage(near).free, tried[0].reason,
    )  # fmt: skip


def _size(kept: Kept | None) -> int:
    """Bytes of what is kept of a run."""
    if kept is None:
        return 0
    size = sum(len(value) if isinstance(value, str) else 8 for value in kept.values.values())
    if kept.series is not None:
        size += int(kept.series.memory_usage(index=False).sum()) + 16 * len(kept.series)
    return size


def _parts(seconds: float) -> int:
    """Parts that a sweep of this length writes: one a second at first, then ever fewer."""
    shortest, longest = FLUSH_SECONDS
    early, late = shortest / FLUSH_SHARE, longest / FLUSH_SHARE
    growing = math.log(min(max(seconds, early), late) / early) / FLUSH_SHARE
    return math.ceil(min(seconds, early) / shortest + growing + max(0, seconds - late) / longest)


def sweep(
    study: Study,
    folder: Path | str,
    *,
    engine: Engine | None = None,
    workers: int | None = None,
    shard: tuple[int, int] | None = None,
    retry: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Store:
    """Run what is missing of a study.

    Parameters
    ----------
    study
        What to run.
    folder
        Its store; begun if it is not there, gone on with if it is.
    engine
        Where to run, entered and closed by the caller; processes of this machine by default.
    workers
        Number of those processes; all processors by default.
    shard
        (i, n): only the i-th of n parts, to be merged later.
    retry
        Whether to run those that failed before again.
    progress
        Called with the number of finished runs and of all that are foreseen.

    Returns
    -------
    The store, with everything in it. Runs that failed are in its ledger.

    Raises
    ------
    InputError
        The store belongs to another study, or cannot be written.
    """
    store = Store.prepare(Path(folder), study, shard)
    points = store.points
    mine = _mine(study, len(points), shard)
    with store.writing():
        state = store.finished(mine.shape)
        if retry:
            state[state == 2] = 0
        goal = np.full(len(points), study.replications.at_least)
        with nullcontext(engine) if engine is not None else local(workers) as place:
            while True:
                wanted = mine & (np.arange(mine.shape[1]) < goal[:, np.newaxis])
                missing = wanted & (state == 0)
                _run(study, store, missing, state, place, progress, int(wanted.sum()))
                further = goals(study.replications, store.outcomes, goal)
                if (further == goal).all():
                    return store
                goal = further


def _mine(study: Study, points: int, shard: tuple[int, int] | None) -> NDArray[np.bool_]:
    """Which runs belong to a shard; with a stopping rule, points stay together."""
    most = study.replications.at_most
    if shard is None:
        return np.ones((points, most), dtype=bool)
    number, of = shard
    if not 1 <= number <= of:
        raise InputError(f"--shard {number}/{of}: allowed is i/n with i from 1 to n.")
    position = np.arange(points * most).reshape(points, most)
    if study.replications.indicator:
        position = np.repeat(np.arange(points)[:, np.newaxis], most, axis=1)
    return position % of == number - 1


def _run(
    study: Study,
    store: Store,
    missing: NDArray[np.bool_],
    state: NDArray[np.int8],
    engine: Engine,
    progress: Callable[[int, int], None] | None,
    total: int,
) -> None:
    """Run what is missing, and keep it as it comes; `state` is brought up to date."""
    columns = {
        key: store.points[key].tolist() for key in store.points.columns if key != "posterior"
    }
    under_way: dict[int, tuple[int, int]] = {}

    def jobs() -> Iterator[SweepJob]:
        # All points once, then all points again: early results cover the whole design.
        replications, points = np.nonzero(missing.T)
        for number, (replication, point) in enumerate(zip(replications, points, strict=True)):
            under_way[number] = int(point), int(replication)
            values = {key: column[point] for key, column in columns.items()}
            yield SweepJob(values, study.seed + int(replication))

    done, waiting = total - int(missing.sum()), _Waiting(store)
    if progress is not None:
        progress(done, total)
    try:
        for result in stream(RunTask(study.task), jobs(), engine, int(missing.sum())):
            point, replication = under_way.pop(result.number)
            waiting.add(_record(point, replication, study.seed + replication, result))
            state[point, replication] = 1 if result.error is None else 2
            done += 1
            if progress is not None:
                progress(done, total)
    finally:
        waiting.keep()


def _record(point: int, replication: int, seed: int, result: Result[Kept]) -> RunRecord:
    return RunRecord(point, replication, seed, result.value, result.reason, result.seconds)


@dataclass
class _Waiting:
    """Finished runs that are not on the disk yet; kept often at first, then every minute."""

    store: Store
    records: list[RunRecord] = field(default_factory=list)
    cells: int = 0
    began: float = field(default_factory=monotonic)
    kept: float = field(default_factory=monotonic)

    def add(self, record: RunRecord) -> None:
        self.records.append(record)
        if record.kept is not None and record.kept.series is not None:
            self.cells += record.kept.series.size
        now = monotonic()
        pause = min(max(FLUSH_SHARE * (now - self.began), FLUSH_SECONDS[0]), FLUSH_SECONDS[1])
        full = len(self.records) >= PART_ROWS or self.cells >= PART_CELLS
        if full or now - self.kept >= pause:
            self.keep()

    def keep(self) -> None:
        records, self.records, self.cells = self.records, [], 0
        if records:
            self.store.append(records)
        self.kept = monotonic()


@dataclass(frozen=True)
class Repeated:
    """A run that was done again.

    Attributes
    ----------
    kept
        What the study keeps of it, now.
    run
        The whole run, if the study runs a scenario.
    different
        Columns whose value is not the one in the store, bit by bit. A fingerprint of another
        format is not compared.
    fingerprint_format
        Of the fingerprint in the store.
    """

    kept: Kept
    run: Run | None
    different: tuple[str, ...]
    fingerprint_format: int


def rerun(store: Store, point: int, replication: int, task: Task | None = None) -> Repeated:
    """Repeat one run of a store and compare it with what is kept.

    Parameters
    ----------
    task
        The run function, if the study was not made around a scenario.

    Raises
    ------
    InputError
        There is no such run, or the scenario cannot be brought back.
    """
    row = _row(store, point, replication)
    values, seed = values_of(store.points, point), int(row["seed"])
    told = store.manifest["study"]["task"]
    finished = None
    if task is None:
        if "scenario" not in told:
            raise InputError(f"{store.folder}: its runs are calls of {told['function']}; repeat "
                             "them in Python with that function.")  # fmt: skip
        base, same = reloaded(store.folder / "scenario", store.manifest)
        now = {"mechanisms": [kind.described() for kind in base.mechanisms]}
        for name in changed_mechanisms(store.manifest["scenario"], now):
            raise InputError(_(
                "{folder}: mechanism {name} has changed since it was run; install it as it was.",
                folder=store.folder, name=repr(name),
            ))  # fmt: skip
        if not same:
            raise InputError(f"{store.folder}: the scenario in it is not the one it was made "
                             "with.")  # fmt: skip
        scenario = ScenarioTask(base, tuple(told["indicators"]), tuple(told["series"]))
        finished = scenario.run(values, seed, events=True)
        ends: dict[str, Any] = {name: finished.indicators[name] for name in scenario.indicators}
        kept = Kept({**ends, "fingerprint": finished.fingerprint}, finished.series.reset_index())
    else:
        kept = RunTask(task)(SweepJob(values, seed))
    found = fingerprint_format(store.manifest, store.folder)
    compared = dict(kept.values)
    if "scenario" in told and found != FINGERPRINT_FORMAT:
        compared.pop("fingerprint", None)
    different = [name for name, value in compared.items()
                 if name not in row or not _same(row[name], value)]  # fmt: skip
    return Repeated(kept, finished, tuple(different), found)


def _row(store: Store, point: int, replication: int) -> dict[str, Any]:
    """What is kept of a run; of a failed one, its line of the ledger."""
    ledger = store.ledger()
    for table in (store.outcomes(), ledger):
        if table.empty:
            continue
        found = np.flatnonzero((table["point"] == point) & (table["replication"] == replication))
        if found.size:
            return {str(name): column.iat[found[0]] for name, column in table.items()}
    raise InputError(
        f"{store.folder}: there is no run {point}.{replication}; points go to "
        f"{len(store.points) - 1}, and {len(ledger):,} runs are done."
    )


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, str) or isinstance(new, str):
        return old == new
    old, new = float(old), float("nan" if new is None else new)
    return old == new or (math.isnan(old) and math.isnan(new))
