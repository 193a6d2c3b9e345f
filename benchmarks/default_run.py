"""How long a default run takes, which phase takes it, and how much memory: one process.

python benchmarks/default_run.py [SCENARIO]
"""

import resource
import statistics
import sys
from collections import Counter
from time import perf_counter

from simulation.model import BorderModel
from simulation.run import run


def main() -> None:
    """Print medians of five runs after a first one, and the share of each phase."""
    name = sys.argv[1] if len(sys.argv) > 1 else "baseline"
    run(name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = []
    for seed in range(5):
        start = perf_counter()
        run(name, seed=seed)
        spent.append(perf_counter() - start)
    print(f"{name}: {statistics.median(spent):.2f} s a run (median of 5), peak {peak:.0f} MB")
    phases: Counter[str] = Counter()
    model = BorderModel(name, rng=0)
    steps = ("policy", "intelligence", "patrolling", "response", "trafficking", "movement",
             "investigation", "reporting", "adaptation", "institutions", "measurement")  # fmt: skip
    for step in steps:
        setattr(model, step, _timed(step, getattr(model, step), phases))
    for _ in range(model.parameters.world.weeks):
        model.step()
    whole = sum(phases.values())
    for step, seconds in phases.most_common():
        print(f"  {step:15}{100 * seconds / whole:5.1f} %")


def _timed(name, phase, phases):
    def timed() -> None:
        start = perf_counter()
        phase()
        phases[name] += perf_counter() - start

    return timed


if __name__ == "__main__":
    main()
