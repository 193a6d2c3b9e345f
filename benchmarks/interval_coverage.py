"""How often 95 % intervals hold the truth, and how often a verdict is wrong: 2,000 trials each.

python benchmarks/interval_coverage.py           # the table of docs/planner.md, some ten minutes
python benchmarks/interval_coverage.py 20        # fewer trials, to see that it runs

Differences are made up, so the truth is known: normal ones, ones with heavy tails, skewed ones,
counts and rare counts. Intervals are those of `tocsin.experiments.comparing.statistics.paired`,
once with a fixed number of pairs and once under the stopping rule of
`tocsin.experiments.comparing.stopping`, for wishes that need about 20 to 200 pairs. Wrong verdicts
are counted over comparisons of 20 primary rows of which none differs.
"""

import argparse

import numpy as np
from tocsin.experiments.comparing.statistics import LEVEL, paired
from tocsin.experiments.comparing.stopping import BATCH, Until, Watch

TRIALS = 2000
MOST = 400
ROWS = 20
FIXED = (8, 10, 30, 100)
WANTED = (20, 50, 150)


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


def stopped(row, until, counts):
    """Interval with which a comparison ends, and its pairs."""
    watch, n = Watch(until), 0
    while True:
        n += BATCH
        if watch.enough(np.zeros(n), [row[:n]]):
            return paired(np.zeros(n), row[:n], count=counts), n


def coverage(ends, truth):
    """Share of intervals that hold the truth, in percent."""
    return 100 * np.mean([one.low <= truth <= one.high for one in ends])


def main() -> None:
    """Print coverage by kind of difference and rule, and the share of wrong verdicts."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("trials", nargs="?", type=int, default=TRIALS)
    trials = options.parse_args().trials
    random = np.random.default_rng(2026)
    print(f"| differences | fixed, {' / '.join(map(str, FIXED))} pairs | stopping rule (pairs) |")
    print("|---|---|---|")
    for name, (table, truth, sd) in draws(random, (trials, MOST)).items():
        counts = "count" in name
        fixed = [coverage([paired(np.zeros(n), row[:n], count=counts) for row in table], truth)
                 for n in FIXED]  # fmt: skip
        ruled = []
        for wanted in WANTED:
            until = Until("delivered", 1.96 * sd / np.sqrt(wanted), MOST)
            ends = [stopped(row, until, counts) for row in table]
            mean = np.mean([n for _, n in ends])
            ruled.append(f"{coverage([one for one, _ in ends], truth):.1f} ({mean:.0f})")
        print(f"| {name} | {', '.join(f'{one:.1f}' for one in fixed)} % | {', '.join(ruled)} % |",
              flush=True)  # fmt: skip
    for n in FIXED[:-1]:
        wrong = 0
        for _ in range(trials):
            gaps = random.normal(0, 1, (ROWS, n))
            wrong += any(paired(np.zeros(n), row, LEVEL / ROWS).sign for row in gaps)
        print(f"any wrong 'clearly' among {ROWS} equal rows, {n} pairs: {100 * wrong / trials:.1f} "
              "% of comparisons (stated: at most 5 %)")  # fmt: skip


if __name__ == "__main__":
    main()
