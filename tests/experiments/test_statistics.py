"""Statistics against known answers and against SciPy."""

import numpy as np
import pytest
from scipy import stats

from experiments.statistics import holm, paired, probability_better, trend, verdict

RANDOM = np.random.default_rng(8)


def test_the_interval_is_that_of_the_paired_t_test():
    base = RANDOM.normal(10, 3, 25)
    other = base + RANDOM.normal(0.4, 1, 25)
    result, theirs = paired(base, other), stats.ttest_rel(other, base)
    interval = theirs.confidence_interval(0.95)
    assert result.difference == pytest.approx((other - base).mean())
    assert (result.low, result.high) == pytest.approx((interval.low, interval.high))
    assert result.p == pytest.approx(theirs.pvalue)
    assert result.n == 25


def test_undefined_pairs_drop_out_and_n_says_so():
    result = paired([1.0, np.nan, 3.0, 4.0], [2.0, 5.0, np.nan, 6.0])
    assert result.n == 2
    assert result.base == 2.5
    assert result.difference == 1.5
    nothing = paired([np.nan], [1.0])
    assert nothing.n == 0
    assert verdict(nothing, np.nan, "up") == "undefined"


def test_one_pair_has_no_interval_and_no_verdict():
    one = paired([1.0], [2.0])
    assert np.isnan(one.low)
    assert verdict(one, one.p, "up") == "within noise"


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
    ("shift", "direction", "words"),
    [
        (5.0, "up", "clearly better"),
        (5.0, "down", "clearly worse"),
        (-5.0, "down", "clearly better"),
        (5.0, "neither", "clearly higher"),
        (-5.0, "neither", "clearly lower"),
        (0.01, "up", "within noise"),
    ],
)
def test_verdicts(shift, direction, words):
    noise = np.linspace(-1, 1, 21)
    result = paired(np.zeros(21), noise + shift)
    assert verdict(result, result.p, direction) == words


def test_equal_pairs_are_identical_and_a_constant_shift_is_clear():
    same = paired([1.0, 2.0], [1.0, 2.0])
    assert verdict(same, same.p, "up") == "identical"
    moved = paired([1.0, 2.0], [2.0, 3.0])
    assert verdict(moved, moved.p, "up") == "clearly better"


def test_differences_that_cancel_out_are_not_identical():
    result = paired([0.0, 0.0], [1.0, -1.0])
    assert result.difference == 0
    assert verdict(result, result.p, "up") == "within noise"


def test_the_trend_test_sees_a_trend_and_no_trend():
    levels = [RANDOM.normal(0.5 * level, 1, 30) for level in range(5)]
    assert trend(levels) < 0.001
    assert trend(levels[::-1]) > 0.99


def test_intervals_cover_the_truth_as_often_as_they_promise():
    covered = 0
    for _ in range(2000):
        result = paired(np.zeros(12), RANDOM.normal(0.3, 1, 12))
        covered += result.low <= 0.3 <= result.high
    assert stats.binomtest(covered, 2000, 0.95).pvalue > 1e-4
