"""Sweeps: throughput against two plain loops, memory of a worker and of the parent.

The loops are two processes that call the model and throw the results away; the sweep keeps them.
Both are timed in turns after a warm-up. The parent's memory is watched over 100,000 tiny runs by
``python -m benchmarks parent``, which takes longer than the rest.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from tocsin.experiments.design.points import Axis
from tocsin.experiments.design.study import Design, Replications, ScenarioTask, Study
from tocsin.experiments.running.pool import LocalPool
from tocsin.experiments.running.sweep import sweep
from tocsin.simulation.scenario.files import Scenario, load

from benchmarks.figures import Figure, alternating, ratio, timed
from benchmarks.processes import ROOT

WEEKS, RUNS, TURNS = 52, 400, 5
NAMES = ("delivered", "interception_rate", "networks_dismantled", "cost_total")
AXIS = Axis("cooperation.sharing", values=(0.25, 0.75))
LOOP = """
import sys
from time import perf_counter
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load
base = load("baseline").with_length({weeks})
run(base, seed=999, events=False).indicators
print("ready", flush=True)
for line in sys.stdin:
    for seed in range({first}, {runs}, 2):
        run(base.with_({{"cooperation.sharing": 0.25 + 0.5 * (seed % 2)}}), seed // 2,
            events=False).indicators
    print("done", flush=True)
"""


def study(base: Scenario, runs: int, axes: tuple[Axis, ...] = ()) -> Study:
    """So many runs of a scenario, on two points if there is an axis."""
    each = runs // 2 if axes else runs
    return Study(ScenarioTask(base, NAMES), axes, Design("grid"), Replications(each, each))


def runs_a_minute(base: Scenario, runs: int, workers: int, rounds: int) -> tuple[float, float]:
    """Throughput of a sweep on warm workers: runs a minute, and seconds of one round."""
    with tempfile.TemporaryDirectory() as name, LocalPool(workers) as engine:
        sweep(study(base.with_length(4), 2 * workers), Path(name) / "warm", engine=engine)
        spent = [
            timed(lambda place=Path(name) / str(turn): sweep(study(base, runs), place,
                                                             engine=engine))
            for turn in range(rounds)
        ]  # fmt: skip
    middle = statistics.median(spent)
    return 60 * runs / middle, middle


def measure() -> list[Figure]:
    """Throughput, and a worker's memory."""
    base = load("baseline").with_length(WEEKS)
    with tempfile.TemporaryDirectory() as name, _loops() as loops, LocalPool(2) as engine:
        places = iter(range(99))

        def swept() -> float:
            place = Path(name) / str(next(places))
            return timed(lambda: sweep(study(base, RUNS, (AXIS,)), place, engine=engine))

        plain, kept = alternating([lambda: _looped(loops), swept], TURNS)
    sizes = _worker_sizes()
    return [
        Figure("throughput of two plain loops kept", 100 * ratio(plain, kept), "%",
               f"{RUNS} runs in {statistics.median(kept):.1f} s",
               f"loops: {statistics.median(plain):.1f} s"),
        Figure("largest worker during a run", max(sizes) if sizes else float("nan"), "MB",
               "proportional set size, where the system tells"),
    ]  # fmt: skip


@contextmanager
def _loops() -> Iterator[list["subprocess.Popen[str]"]]:
    """Two processes that are ready to loop."""
    loops = [
        subprocess.Popen(
            [sys.executable, "-c", LOOP.format(weeks=WEEKS, first=first, runs=RUNS)], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )
        for first in (0, 1)
    ]  # fmt: skip
    try:
        for loop in loops:
            assert loop.stdout is not None
            loop.stdout.readline()
        yield loops
    finally:
        for loop in loops:
            assert loop.stdin is not None
            loop.stdin.close()
            loop.wait()


def _looped(loops: list["subprocess.Popen[str]"]) -> float:
    start = time.perf_counter()
    for loop in loops:
        assert loop.stdin is not None
        loop.stdin.write("go\n")
    for loop in loops:
        assert loop.stdout is not None
        loop.stdout.readline()
    return time.perf_counter() - start


def _worker_sizes() -> list[float]:
    """Proportional set sizes of the workers of a command (MB); empty where they are not told.

    A worker is a grandchild of the command: a child of the server that forks them.
    """
    sizes: list[float] = []
    command = [sys.executable, "-m", "tocsin", "compare", "baseline", "all_three", "--weeks",
               str(WEEKS), "--replications", "100", "--workers", "2", "--json"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:  # fmt: skip
        while process.poll() is None:
            time.sleep(0.5)
            try:
                family = psutil.Process(process.pid).children(recursive=True)
                sizes += [child.memory_full_info().pss / 2**20
                          for child in family if child.ppid() != process.pid]  # fmt: skip
            except (psutil.Error, AttributeError):
                continue
    return sizes


def tiny(values: Mapping[str, Any], seed: int) -> dict[str, float]:
    """A run of a few microseconds."""
    return {"sum": values["x"] + seed, "product": values["x"] * seed}


def parent() -> list[Figure]:
    """Growth of the parent while 100,000 runs come in."""
    process = psutil.Process()
    sizes: dict[int, float] = {}

    def watch(done: int, total: int) -> None:
        if done in (10_000, 100_000):
            sizes[done] = process.memory_info().rss / 2**20

    many = Study(tiny, (Axis("x", 0, 1),), Design("grid", 100), Replications(1000, 1000))
    with tempfile.TemporaryDirectory() as name:
        spent = timed(lambda: sweep(many, Path(name) / "store", workers=2, progress=watch))
    return [Figure("growth of the parent from 10,000 to 100,000 runs",
                   sizes[100_000] - sizes[10_000], "MB",
                   f"{sizes[100_000]:.0f} MB; {100_000 / spent:,.0f} runs a second")]  # fmt: skip
