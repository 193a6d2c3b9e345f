"""How many independent replications one paired replication is worth, adaptive and static actors.

python benchmarks/pairing.py [PAIRS] [BASE OTHER ...]

The mean difference of n pairs has the variance var(other - base) / n, that of n independent runs
of each scenario has (var(other) + var(base)) / n. Their ratio is what one pair is worth. Both
variances come from the same runs; the interval is a bootstrap over the seeds.

*Adaptive* is the model as it is. *Static* is a world in which nobody answers to what happens:
every network keeps its one route, its volume and its methods and meets no operation, patrols are
spread without memory, members do not change what they share. Only tips and watches are left, by
which policy reaches the field at all, and training. *Without news* not even they are there, and
only training still makes a difference.
"""

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tocsin.experiments.comparing.comparison import compare
from tocsin.experiments.design.variants import variant
from tocsin.simulation.scenario.files import Scenario, load

NAMES = ("baseline", "more_cooperation", "faster_intelligence", "more_capacity", "all_three")
GOALS = ("delivered", "interception_rate")
INDICATORS = (*GOALS, "networks_dismantled", "trafficker_profit")
STATIC = {
    "world.markets_per_network": 1,
    "trafficking.known_at_start": 1,
    "trafficking.known_at_most": 1,
    "trafficking.discovery": 0,
    "trafficking.volume_exponent": 0.0,
    "trafficking.modus_loss_hazard": 0.0,
    "innovation.rate": 0.0,
    "investigation.operation_rate": 0.0,
    "organisation.overhead": 0.0,
    "operations.unpredictability": 0.65,
    "trust.payoff": 0.0,
    "trust.gain": 0.0,
    "trust.reciprocity": 0.0,
    "trust.leak_loss": 0.0,
}
NO_NEWS = {**STATIC, "intelligence.disclosure": 0.0}
KINDS = (("adaptive", NAMES, {}), ("static", NAMES, STATIC),
         ("without news", ("baseline", "more_capacity", "all_three"), NO_NEWS))  # fmt: skip


def worth(base: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Ratio of the variances of an independent and of a paired difference; NaN without spread."""
    spread = (other - base).var(ddof=1)
    both = base.var(ddof=1) + other.var(ddof=1)
    return float(both / spread) if spread > 0 else float("nan")


def measure(kind: str, scenarios: Sequence[Scenario], pairs: int) -> list[float]:
    """Print a line a scenario and indicator; the ratios of the indicators with a goal."""
    comparison = compare(scenarios, pairs)
    random = np.random.default_rng(0)
    found = []
    for scenario in comparison.others:
        for name in INDICATORS:
            both = [comparison.values(one, name) for one in (comparison.base.name, scenario.name)]
            ratio = worth(*both)
            if not np.isfinite(ratio):
                print(f"{kind:13}{scenario.name:24}{name:22}does not differ, or is undefined")
                continue
            drawn = random.integers(0, pairs, (2000, pairs))
            ratios = [worth(both[0][row], both[1][row]) for row in drawn]
            low, high = np.nanquantile(ratios, [0.025, 0.975])
            found += [ratio] if name in GOALS else []
            print(f"{kind:13}{scenario.name:24}{name:22}one pair is worth {ratio:6.1f} "
                  f"independent ones ({low:.1f} to {high:.1f}), {pairs} pairs")  # fmt: skip
    return found


def main() -> None:
    """Measure all kinds, on the scenarios that are named or those of the goals."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    for kind, names, fixed in KINDS:
        scenarios = [variant(load(name), fixed) for name in sys.argv[2:] or names]
        found = measure(kind, scenarios, pairs)
        print(f"{kind}, {' and '.join(GOALS)}: least {min(found):.1f}, "
              f"median {np.median(found):.1f}\n", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
