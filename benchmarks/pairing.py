"""How many independent replications one paired replication is worth, with adaptive actors.

python benchmarks/pairing.py [PAIRS] [BASE OTHER ...]

The mean difference of n pairs has the variance var(other - base) / n, that of n independent runs
of each scenario has (var(other) + var(base)) / n. Their ratio is what one pair is worth. Both
variances come from the same runs; the interval is a bootstrap over the seeds.
"""

import sys

import numpy as np

from experiments.comparison import compare

NAMES = ("baseline", "more_cooperation", "faster_intelligence", "more_capacity", "all_three")
INDICATORS = ("delivered", "interception_rate", "networks_dismantled", "trafficker_profit")


def worth(base, other):
    """Ratio of the variances of an independent and of a paired difference."""
    return (base.var(ddof=1) + other.var(ddof=1)) / (other - base).var(ddof=1)


def main() -> None:
    """Print one line a scenario and indicator."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    comparison = compare(sys.argv[2:] or NAMES, pairs)
    random = np.random.default_rng(0)
    for scenario in comparison.others:
        for name in INDICATORS:
            both = [comparison.values(one, name) for one in (comparison.base.name, scenario.name)]
            drawn = random.integers(0, pairs, (2000, pairs))
            ratios = [worth(both[0][row], both[1][row]) for row in drawn]
            low, high = np.quantile(ratios, [0.025, 0.975])
            print(f"{scenario.name:24}{name:22}one pair is worth {worth(*both):5.1f} independent "
                  f"ones ({low:.1f} to {high:.1f}), {pairs} pairs")  # fmt: skip


if __name__ == "__main__":
    main()
