"""Stopping rules and ratios on known truth; false-alarm rates are stated."""

import numpy as np
import pytest
from scipy import stats
from tocsin.experiments.comparing.statistics import detectable, paired, ratio
from tocsin.experiments.comparing.stopping import BATCH, FEWEST, Until, Watch
from tocsin.simulation.errors import InputError

TRIALS = 400


def stopped(draws, until):
    """Pairs and interval with which a comparison of these differences would end."""
    watch, n = Watch(until), 0
    while True:
        n += min(BATCH, until.most - n)
        if watch.enough(np.zeros(n), [draws[:n]]):
            return n, paired(np.zeros(n), draws[:n])


@pytest.mark.parametrize("width", [0.9, 0.45, 0.3])
def test_intervals_cover_the_truth_under_the_stopping_rule(width):
    """False alarm: below 1 in 10,000 if coverage is between 93 and 97 %."""
    random = np.random.default_rng(4)
    covered, sizes = 0, []
    for _ in range(TRIALS):
        n, result = stopped(random.normal(0.2, 1, 400), Until("delivered", width))
        covered += result.low <= 0.2 <= result.high
        sizes.append(n)
        assert (result.high - result.low) / 2 <= width
    assert stats.binom.cdf(covered, TRIALS, 0.93) > 1e-4
    assert min(sizes) >= FEWEST
    assert all(size % BATCH == 0 for size in sizes)


def test_a_narrower_wish_needs_more_pairs():
    draws = np.random.default_rng(1).normal(0, 1, 400)
    sizes = [stopped(draws, Until("delivered", width))[0] for width in (1.5, 0.4, 0.2)]
    assert sizes[0] == FEWEST < sizes[1] < sizes[2]


def test_the_most_is_the_end_and_it_is_said():
    watch = Watch(Until("delivered", 1e-9, most=30))
    draws = np.random.default_rng(2).normal(0, 1, 30)
    assert [watch.enough(np.zeros(n), [draws[:n]]) for n in (10, 20, 30)] == [False, False, True]
    assert not watch.reached


def test_every_scenario_has_to_be_precise_enough():
    calm, wild = np.zeros(30), np.random.default_rng(3).normal(0, 50, 30)
    until = Until("delivered", 1.0)
    assert until.met(np.zeros(30), [calm])
    assert not until.met(np.zeros(30), [calm, wild])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("delivered", "INDICATOR=NUMBER"),
        ("=3", "INDICATOR=NUMBER"),
        ("delivered=few", "INDICATOR=NUMBER"),
        ("delivered=0", "above 0"),
        ("interception_rat=0.1", "nearest: 'interception_rate'"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(text, words):
    with pytest.raises(InputError, match=words):
        Until.parse(text)


@pytest.mark.parametrize("level", [0.05, 0.0025])
def test_a_detectable_difference_is_found_as_often_as_promised(level):
    """For a plain interval, and for one of a family of 20. False alarm: below 1 in 10,000."""
    random, n, found = np.random.default_rng(5), 25, 0
    sizes = []
    for _ in range(TRIALS):
        sizes.append(detectable(paired(np.zeros(n), random.normal(0, 1, n), level)))
        size = (stats.t.ppf(1 - level / 2, n - 1) + stats.t.ppf(0.8, n - 1)) / np.sqrt(n)
        found += paired(np.zeros(n), random.normal(size, 1, n), level).sign
    assert np.median(sizes) == pytest.approx(size, rel=0.1)
    assert stats.binomtest(found, TRIALS, 0.8).pvalue > 1e-4
    assert np.isnan(detectable(paired([1.0], [2.0])))


def test_ratios_cover_the_truth():
    """Cost 3 for each unit of effect, with shared noise. False alarm: below 1 in 10,000."""
    random, covered = np.random.default_rng(6), 0
    for _ in range(TRIALS):
        effect = random.normal(2, 1, 15)
        cost = 3 * effect + random.normal(0, 1, 15)
        found = ratio(cost, effect)
        assert found is not None
        covered += found[1] <= 3 <= found[2]
    assert stats.binomtest(covered, TRIALS, 0.95).pvalue > 1e-4


def test_there_is_no_ratio_to_an_effect_that_may_be_zero():
    effect = np.random.default_rng(7).normal(0, 1, 20)
    assert ratio(effect + 5, effect) is None
    assert ratio([1.0], [1.0]) is None
