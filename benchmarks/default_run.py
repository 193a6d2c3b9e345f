"""A default run: runs a minute on two cores, the share of each phase, the worth of the kernels.

A kernel stays if it is at least twice as fast as its NumPy twin on the calls of a default run.
"""

from collections import Counter
from collections.abc import Callable
from time import perf_counter

from benchmarks.convoys import calls_of, copied
from benchmarks.figures import Figure, alternating, ratio, timed
from benchmarks.sweeps import runs_a_minute
from simulation import kernels, reference
from simulation.model import BorderModel
from simulation.run import run
from simulation.scenario import load

SCENARIO = "baseline"
PHASES = ("policy", "intelligence", "patrolling", "response", "trafficking", "movement",
          "investigation", "reporting", "adaptation", "institutions", "measurement")  # fmt: skip
RECORDED = 104  # weeks whose kernel calls are repeated
RUNS, ROUNDS = 32, 3


def measure() -> list[Figure]:
    """Throughput, phases, kernels."""
    rate, seconds = runs_a_minute(load(SCENARIO), RUNS, 2, ROUNDS)
    return [Figure("runs a minute on 2 cores", rate, "runs", f"{seconds:.1f} s for {RUNS} runs"),
            *phases(), *[worth(name) for name in kernels.__all__]]  # fmt: skip


def phases() -> list[Figure]:
    """Share of each phase in a run, the largest first."""
    run(SCENARIO, events=False)
    spent: Counter[str] = Counter()
    model = BorderModel(SCENARIO, events=False)
    for name in PHASES:
        setattr(model, name, _clocked(name, getattr(model, name), spent))
    weeks = model.parameters.world.weeks
    whole = timed(lambda: [model.step() for _ in range(weeks)])
    spent["between the phases"] = whole - sum(spent.values())
    (first, most), *others = spent.most_common()
    listed = ", ".join(f"{name} {100 * seconds / whole:.0f}" for name, seconds in others[:3])
    return [Figure("largest phase", 100 * most / whole, "%",
                   f"{first}; {1e3 * whole / weeks:.2f} ms a week",
                   f"then {listed} %")]  # fmt: skip


def _clocked(name: str, phase: Callable[[], None], spent: Counter[str]) -> Callable[[], None]:
    def clocked() -> None:
        start = perf_counter()
        phase()
        spent[name] += perf_counter() - start

    return clocked


def worth(kernel: str) -> Figure:
    """How much faster a kernel is than its twin, on all its calls in two years of a run."""
    model = BorderModel(SCENARIO, events=False)
    calls = calls_of(kernel, lambda: [model.step() for _ in range(RECORDED)])
    compiled, twin = getattr(kernels, kernel), getattr(reference, kernel)

    def ours() -> float:
        own = [copied(call) for call in calls]
        return timed(lambda: [compiled(*call) for call in own])

    def plain() -> float:
        own = [copied(call) for call in calls]
        return timed(lambda: [twin(*call) for call in own])

    fast, slow = alternating([ours, plain])
    return Figure(f"kernel {kernel}, times its twin", ratio(slow, fast), "x",
                  f"{1e6 * min(fast) / RECORDED:.0f} us a week",
                  f"NumPy: {1e6 * min(slow) / RECORDED:.0f} us")  # fmt: skip
