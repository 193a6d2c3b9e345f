"""How often 95 % intervals hold the truth, and how often a verdict is wrong: 2,000 trials each.

python benchmarks/interval_coverage.py

Differences are made up, so the truth is known: normal ones, ones with heavy tails, skewed ones,
counts and rare counts. Intervals are those of `experiments.statistics.paired`, once with a fixed
number of pairs and once under the stopping rule of `experiments.stopping`, for wishes that need
about 20 to 200 pairs. Wrong verdicts are counted over comparisons of 20 primary rows of which
none differs.
"""

import numpy as np

from experiments.statistics import LEVEL, paired
from experiments.stopping import BATCH, Until, Watch

TRIALS = 2000
MOST = 400
ROWS = 20


def draws(random, shape):
    """Name -> differences, true mean, standard deviation."""
    return {
        "normal": (random.normal(1, 2, shape), 1.0, 2.0),
        "heavy tails (t with 5 degrees)": (random.standard_t(5, shape), 0.0, np.sqrt(5 / 3)),
        "counts (Poisson 3 less Poisson 2)": (
            (random.poisson(3, shape) - random.poisson(2, shape)).astype(float), 1.0, np.sqrt(5),
        ),
        "skewed (gamma, skewness 1)": (random.gamma(4, 1, shape), 4.0, 2.0),
        "rare counts (Poisson 0.1)": (random.poisson(0.1, shape).astype(float), 0.1, 0.1**0.5),
        "two rare counts (Poisson 0.3 less 0.1)": (
            (random.poisson(0.3, shape) - random.poisson(0.1, shape)).astype(float), 0.2, 0.4**0.5,
        ),
        "heavy tail to one side (lognormal 2)": (
            random.lognormal(0, 2, shape), np.exp(2), np.sqrt(np.exp(8) - np.exp(4)),
        ),
        "two heavy tails (lognormal 2)": (
            random.lognormal(0, 2, shape) - random.lognormal(0, 2, shape), 0.0,
            np.sqrt(2 * (np.exp(8) - np.exp(4))),
        ),
    }  # fmt: skip


def stopped(row, until):
    """Interval with which a comparison ends, and its pairs."""
    watch, n = Watch(until), 0
    while True:
        n += BATCH
        if watch.enough(np.zeros(n), [row[:n]]):
            return paired(np.zeros(n), row[:n]), n


def main() -> None:
    """Print coverage by kind of difference and rule, and the share of wrong verdicts."""
    random = np.random.default_rng(2026)
    for name, (table, truth, sd) in draws(random, (TRIALS, MOST)).items():
        counts = "count" in name
        for n in (8, 20, 30, 100):
            results = [paired(np.zeros(n), row[:n], count=counts) for row in table]
            share = np.mean([one.low <= truth <= one.high for one in results])
            print(f"{name:36}{n:4} pairs, fixed          {100 * share:5.1f} %")
        for wanted in (20, 50, 150):
            until = Until("delivered", 1.96 * sd / np.sqrt(wanted), MOST)
            ends = [stopped(row, until) for row in table]
            share = np.mean([one.low <= truth <= one.high for one, _ in ends])
            mean = np.mean([n for _, n in ends])
            print(f"{name:36}{mean:4.0f} pairs, stopping rule  {100 * share:5.1f} %")
    for n in (8, 10, 30):
        wrong = 0
        for _ in range(TRIALS):
            gaps = random.normal(0, 1, (ROWS, n))
            wrong += any(paired(np.zeros(n), row, LEVEL / ROWS).sign for row in gaps)
        share = 100 * wrong / TRIALS
        print(f"any wrong 'clearly' among {ROWS} equal rows, {n} pairs: {share:.1f} % of "
              "comparisons (stated: at most 5 %)")  # fmt: skip


if __name__ == "__main__":
    main()
