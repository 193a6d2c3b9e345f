"""Statistics against known answers and against SciPy; false-alarm rates are stated."""

from itertools import product

import numpy as np
import pytest
from scipy import stats
from tocsin.experiments.comparing.statistics import (
    fewest_pairs,
    holm,
    paired,
    probability_better,
    trend,
    verdict,
)

RANDOM = np.random.default_rng(8)


def words(base, other, direction="up", level=0.05, count=False):
    """The verdict of one outcome whose family has the level."""
    plain = paired(base, other, count=count)
    return verdict(paired(base, other, level, count), plain, direction)


def test_the_interval_is_that_of_the_paired_t_test():
    base = RANDOM.normal(10, 3, 25)
    other = base + RANDOM.normal(0.4, 1, 25)
    result, theirs = paired(base, other), stats.ttest_rel(other, base)
    interval = theirs.confidence_interval(0.95)
    assert result.difference == pytest.approx((other - base).mean())
    assert (result.low, result.high) == pytest.approx((interval.low, interval.high))
    assert result.p == pytest.approx(theirs.pvalue)
    assert result.n == result.moved == 25


def test_undefined_pairs_drop_out_and_n_says_so():
    result = paired([1.0, np.nan, 3.0, 4.0], [2.0, 5.0, np.nan, 6.0])
    assert result.n == 2
    assert result.base == 2.5
    assert result.difference == 1.5
    nothing = paired([np.nan], [1.0])
    assert nothing.n == 0
    assert words([np.nan], [1.0]) == "undefined"


@pytest.mark.parametrize("other", [1.0, 2.0])
def test_one_defined_pair_is_undefined_with_and_without_a_gap(other):
    one = paired([1.0], [other])
    assert np.isnan(one.low) and np.isnan(one.p)
    assert words([1.0], [other]) == "undefined"
    assert words([1.0, np.nan], [other, 4.0]) == "undefined"


@pytest.mark.parametrize(
    ("base", "other"),
    [
        ([1.0, 2.0, 3.0], [np.inf, np.inf, np.inf]),
        ([1.0, 2.0, 3.0], [2.0, np.inf, 4.0]),
        ([np.inf, 2.0, 3.0], [1.0, np.inf, 4.0]),
        ([np.inf, np.inf, np.inf], [1.0, 2.0, 3.0]),
    ],
)
def test_infinite_values_prove_nothing(base, other):
    result = paired(base, other)
    assert np.isnan(result.p) and np.isnan(result.low) and np.isnan(result.high)
    assert words(base, other) == "undefined"


def test_pairs_that_are_infinite_in_both_are_undefined_pairs():
    assert paired([np.inf, 1.0, 2.0], [np.inf, 2.0, 4.0]).n == 2


def test_holm_equals_the_textbook():
    adjusted = holm([0.01, 0.04, 0.03, np.nan, 0.005])
    assert adjusted[[0, 1, 2, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(adjusted[3])


def test_chances_count_ties_half():
    assert probability_better([1, 1, 1, 1], [2, 1, 0, 2], "up") == 0.625
    assert probability_better([1, 1, 1, 1], [2, 1, 0, 2], "down") == 0.375
    assert probability_better([1], [2], "neither") is None
    assert probability_better([np.nan], [2], "up") is None


@pytest.mark.parametrize(
    ("shift", "direction", "said"),
    [
        (5.0, "up", "clearly better"),
        (5.0, "down", "clearly worse"),
        (-5.0, "down", "clearly better"),
        (5.0, "neither", "clearly higher"),
        (-5.0, "neither", "clearly lower"),
        (0.35, "up", "likely better"),
        (0.35, "down", "likely worse"),
        (-0.35, "neither", "likely lower"),
        (0.01, "up", "not settled"),
    ],
)
def test_verdicts(shift, direction, said):
    noise = np.linspace(-1, 1, 21)
    assert words(np.zeros(21), noise + shift, direction, level=0.0025) == said


def test_equal_pairs_are_identical():
    assert words([1.0, 2.0], [1.0, 2.0]) == "identical"


def test_differences_that_cancel_out_are_not_identical():
    assert paired([0.0, 0.0], [1.0, -1.0]).difference == 0
    assert words([0.0, 0.0], [1.0, -1.0]) == "not settled"


@pytest.mark.parametrize("n", [2, 3, 4, 5])
@pytest.mark.parametrize("count", [False, True])
def test_few_pairs_that_differ_alike_are_not_settled(n, count):
    """Two pairs that both differ by 1 gave p = 0 and *clearly better [1, 1]*."""
    result = paired(np.arange(n), np.arange(n) + 1.0, count=count)
    assert result.p == pytest.approx(2.0 ** (1 - n))
    assert result.low <= 0 < result.high
    assert words(np.arange(n), np.arange(n) + 1.0, count=count) == "not settled"


def test_rounding_is_no_spread():
    """Gaps that differ by the last bit only are alike."""
    base = RANDOM.normal(0, 1, 4)
    result = paired(base, base + 0.1)
    assert np.ptp((base + 0.1) - base) > 0
    assert result.p == pytest.approx(0.125)
    assert paired(base, base + 1e-16).unchanged


def test_the_exact_p_is_that_of_all_signs():
    """Against the enumeration of all 2^n signs, for counts of up to three values."""
    for _ in range(40):
        gap = RANDOM.integers(-1, 2, 9).astype(float)
        sums = [abs(np.dot(signs, gap)) for signs in product((-1, 1), repeat=9)]
        exact = np.mean(np.array(sums) >= abs(gap.sum()))
        assert paired(np.zeros(9), gap, count=True).p == pytest.approx(exact)


@pytest.mark.parametrize("rows", [1, 5, 20, 33])
def test_the_fewest_pairs_are_those_that_reach_a_verdict(rows):
    n = fewest_pairs(rows)
    for pairs, said in ((n, "clearly better"), (n - 1, "likely better")):
        assert words(np.zeros(pairs), np.ones(pairs), level=0.05 / rows, count=True) == (
            said if pairs > 5 else "not settled"
        )


def test_no_verdict_is_read_from_luck_alone_in_small_samples():
    """Signs by coin, sizes of few values: *clearly* in at most 5 % of samples of any size.

    False alarm: below 1 in 10,000 for each size.
    """
    for n in (2, 4, 6, 8, 12):
        wrong = 0
        for _ in range(400):
            size = float(RANDOM.integers(1, 4))
            gap = size * RANDOM.choice([-1.0, 1.0], n)
            wrong += paired(np.zeros(n), gap).sign != 0
        assert stats.binom.sf(wrong - 1, 400, 0.05) > 1e-4, n


def test_the_trend_test_sees_a_trend_and_no_trend():
    levels = [RANDOM.normal(0.5 * level, 1, 30) for level in range(5)]
    assert trend(levels) < 0.001
    assert trend(levels[::-1]) > 0.99


# Kind of difference -> sample, its true mean, least coverage that is promised.
KINDS = {
    "normal": (lambda n: RANDOM.normal(0.3, 1, n), 0.3, 0.95),
    "rare counts": (lambda n: RANDOM.poisson(0.1, n) * 1.0, 0.1, 0.95),
    "rare counts on both sides": (
        lambda n: RANDOM.poisson(0.3, n) - RANDOM.poisson(0.1, n) * 1.0, 0.2, 0.95,
    ),
    "counts": (lambda n: RANDOM.poisson(3, n) - RANDOM.poisson(2, n) * 1.0, 1.0, 0.94),
    "difference of two with heavy tails": (
        lambda n: RANDOM.lognormal(0, 2, n) - RANDOM.lognormal(0, 2, n), 0.0, 0.95,
    ),
    "heavy tail to one side": (lambda n: RANDOM.lognormal(0, 2, n), np.exp(2), 0.90),
    "skewed": (lambda n: RANDOM.exponential(1, n), 1.0, 0.95),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [8, 20, 30])
def test_intervals_cover_the_truth_as_often_as_they_promise(kind, n):
    """At least the stated share of 600 samples; false alarm: below 1 in 10,000 for each case."""
    draw, truth, promised = KINDS[kind]
    covered = 0
    for _ in range(600):
        result = paired(np.zeros(n), draw(n), count="counts" in kind)
        covered += result.low <= truth <= result.high
    assert stats.binom.cdf(covered, 600, promised) > 1e-4


def test_intervals_are_not_wider_than_they_must_be():
    """Of normal differences nine in ten have the t interval itself, and none twice its width."""
    wider = []
    for _ in range(500):
        gap = RANDOM.normal(1, 1, 20)
        half = stats.t.ppf(0.975, 19) * gap.std(ddof=1) / np.sqrt(20)
        result = paired(np.zeros(20), gap)
        wider.append((result.high - result.low) / (2 * half))
    assert np.mean(np.array(wider) < 1.0001) > 0.8
    assert np.quantile(wider, 0.98) < 2
