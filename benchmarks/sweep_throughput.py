"""How much of two plain loops a sweep on two workers keeps, and what the parent's memory does.

python benchmarks/sweep_throughput.py [throughput | memory]

The loops are two processes that call the model and throw the results away; the sweep keeps them.
Both are timed in turns after a warm-up, and the ratio is of medians within this one call. Memory is
the resident size of the parent after 1,000 and after 100,000 tiny runs of one process tree.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from experiments.design import Axis
from experiments.engine import LocalPool
from experiments.study import Design, Replications, ScenarioTask, Study
from experiments.sweep import sweep
from simulation.scenario import load

WEEKS = 52
RUNS = 200
TURNS = 5
LOOP = """
import sys
from time import perf_counter
from simulation.run import run
from simulation.scenario import load
base = load("baseline").with_length({weeks})
run(base, seed=999, events=False).indicators
print("ready", flush=True)
for line in sys.stdin:
    start = perf_counter()
    for seed in range({first}, {runs}, 2):
        run(base.with_({{"cooperation.sharing": 0.25 + 0.5 * (seed % 2)}}), seed // 2,
            events=False).indicators
    print(perf_counter() - start, flush=True)
"""


def throughput() -> None:
    """Time loops and sweeps in turns."""
    base = load("baseline").with_length(WEEKS)
    names = ("delivered", "interception_rate", "networks_dismantled", "cost_total")
    axes = (Axis("cooperation.sharing", values=(0.25, 0.75)),)
    study = Study(
        ScenarioTask(base, names), axes, Design("grid"), Replications(RUNS // 2, RUNS // 2)
    )
    loops = [
        subprocess.Popen(
            [sys.executable, "-c", LOOP.format(weeks=WEEKS, first=first, runs=RUNS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )
        for first in (0, 1)
    ]  # fmt: skip
    for loop in loops:
        assert loop.stdout is not None
        loop.stdout.readline()
    loop_processes = [psutil.Process(loop.pid) for loop in loops]
    plain, swept, work = [], [], [0.0, 0.0]
    with tempfile.TemporaryDirectory() as name, LocalPool(2) as engine:
        warm = Study(ScenarioTask(base, names), axes, Design("grid"), Replications(4, 4))
        sweep(warm, Path(name) / "warm", engine=engine)
        for turn in range(TURNS):
            before = _work(loop_processes)
            plain.append(_looped(loops))
            work[0] += _work(loop_processes) - before
            mine = [psutil.Process(), *psutil.Process().children(recursive=True)]
            mine = [process for process in mine if process not in loop_processes]
            before = _work(mine)
            start = time.perf_counter()
            sweep(study, Path(name) / str(turn), engine=engine)
            swept.append(time.perf_counter() - start)
            work[1] += _work(mine) - before
            print(f"turn {turn + 1}: loops {plain[-1]:.1f} s, sweep {swept[-1]:.1f} s", flush=True)
    for loop in loops:
        assert loop.stdin is not None
        loop.stdin.close()
        loop.wait()
    kept = statistics.median(one / other for one, other in zip(plain, swept, strict=True))
    print(f"{RUNS} runs of {WEEKS} weeks on 2 workers: a sweep keeps {100 * kept:.1f} % of the "
          "throughput of two plain loops (median of turns)")  # fmt: skip
    loop, swept_work = work
    print(
        f"processor time, which a busy machine disturbs less: {loop:.1f} s in the loops, "
        f"{swept_work:.1f} s in the sweep with its parent, {100 * loop / swept_work:.1f} %"
    )


def _work(processes: list[psutil.Process]) -> float:
    """Processor time of processes so far, in seconds."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _looped(loops: list["subprocess.Popen[str]"]) -> float:
    start = time.perf_counter()
    for loop in loops:
        assert loop.stdin is not None
        loop.stdin.write("go\n")
        loop.stdin.flush()
    for loop in loops:
        assert loop.stdout is not None
        loop.stdout.readline()
    return time.perf_counter() - start


def tiny(values: Mapping[str, Any], seed: int) -> dict[str, float]:
    """A run of a few microseconds."""
    return {"sum": values["x"] + seed, "product": values["x"] * seed}


def memory() -> None:
    """Resident size of the parent while runs come in."""
    process = psutil.Process()
    sizes: dict[int, float] = {}

    def watch(done: int, total: int) -> None:
        if done in (1_000, 10_000, 50_000, 100_000):
            sizes[done] = process.memory_info().rss / 1e6
            print(f"{done:7,} runs: {sizes[done]:.1f} MB", flush=True)

    study = Study(tiny, (Axis("x", 0, 1),), Design("grid", 100), Replications(1000, 1000))
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        sweep(study, Path(name) / "store", workers=2, progress=watch)
    rate = 100_000 / (time.perf_counter() - start)
    grown = sizes[100_000] - sizes[10_000]
    print(f"from 10,000 to 100,000 runs the parent grew by {grown:.1f} MB ({rate:,.0f} runs/s)")


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else ""
    if chosen != "memory":
        throughput()
    if chosen != "throughput":
        memory()
