"""A default run: runs a minute on two cores, the share of each phase, the worth of the kernels.

Kernels are compared with their twins in NumPy on the calls of a default run, where they have one.
"""

from collections import Counter
from collections.abc import Callable

from tocsin.simulation import kernels, reference
from tocsin.simulation.model import BorderModel
from tocsin.simulation.phases import Profile
from tocsin.simulation.run import run
from tocsin.simulation.scenario.files import load

from benchmarks.convoys import calls_of, copied
from benchmarks.figures import Figure, alternating, ratio, timed
from benchmarks.sweeps import runs_a_minute

SCENARIO = "baseline"
RECORDED = 104  # weeks whose kernel calls are repeated, with those of the set-up
RUNS, ROUNDS = 32, 3


def measure() -> list[Figure]:
    """Throughput, phases, kernels."""
    rate, seconds = runs_a_minute(load(SCENARIO), RUNS, 2, ROUNDS)
    each = worths()
    least = min(each, key=lambda name: ratio(*each[name]))
    together = [sum(min(side[n]) for side in each.values()) for n in (0, 1)]
    return [
        Figure("runs a minute on 2 cores", rate, "runs", f"{seconds:.1f} s for {RUNS} runs"),
        *phases(),
        _gain("kernel that gains least on its twin", least, *each[least]),
        _gain("all kernels, times their twins", f"{len(each)} kernels", *[[t] for t in together]),
    ]  # fmt: skip


def kernel_by_kernel() -> list[Figure]:
    """How much faster each kernel is than its twin."""
    return [_gain(name, "", *sides) for name, sides in worths().items()]


def _gain(figure: str, what: str, slow: list[float], fast: list[float]) -> Figure:
    """A line of the table; times are those of all calls."""
    return Figure(figure, ratio(slow, fast), "x",
                  f"{what}{', ' if what else ''}{1e6 * min(fast) / RECORDED:.1f} us a week",
                  f"NumPy: {1e6 * min(slow) / RECORDED:.0f} us")  # fmt: skip


def phases() -> list[Figure]:
    """Share of each phase in a run, the largest first."""
    run(SCENARIO, events=False)
    model, profile = BorderModel(SCENARIO, rng=0, events=False), Profile()
    model.phases = profile.watch(model.phases)
    weeks = model.parameters.world.weeks
    whole = timed(lambda: [model.step() for _ in range(weeks)])
    spent = Counter(profile.seconds)
    spent["between the phases"] = whole - sum(spent.values())
    (first, most), *others = spent.most_common()
    listed = ", ".join(f"{name} {100 * seconds / whole:.0f}" for name, seconds in others[:3])
    return [Figure("largest phase", 100 * most / whole, "%",
                   f"{first}; {1e3 * whole / weeks:.2f} ms a week",
                   f"then {listed} %")]  # fmt: skip


def worths() -> dict[str, tuple[list[float], list[float]]]:
    """Seconds of the twin and of the kernel, by name, on all calls of a run's first two years."""
    return {name: _worth(name) for name in reference.__all__}


def _worth(kernel: str) -> tuple[list[float], list[float]]:
    def life() -> None:
        model = BorderModel(SCENARIO, rng=0, events=False)
        for _ in range(RECORDED):
            model.step()

    calls = calls_of([kernel], life)[kernel]
    compiled, twin = getattr(kernels, kernel), getattr(reference, kernel)

    def timed_on(function: Callable[..., object]) -> Callable[[], float]:
        def all_calls() -> float:
            own = [copied(call) for call in calls]
            return timed(lambda: [function(*call) for call in own])

        return all_calls

    slow, fast = alternating([timed_on(twin), timed_on(compiled)])
    return slow, fast
