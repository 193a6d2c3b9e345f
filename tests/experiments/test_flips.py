"""The search for what would make a comparison flip, on outcomes whose pattern is known."""

import numpy as np
import pytest

from experiments.flips import FEWEST, corners
from experiments.robustness import draw
from simulation.scenario import load


@pytest.fixture(scope="module")
def worlds():
    return draw(load("baseline"), 120, seed=3)


def test_a_flip_that_hangs_on_one_of_all_assumptions_is_found(worlds):
    """Of some 120 assumptions one decides, in nine of ten worlds."""
    random = np.random.default_rng(5)
    key = "trust.gain"
    low = worlds[key] < worlds[key].quantile(0.3)
    flips = random.random(len(worlds)) < np.where(low, 0.9, 0.1)
    ahead = np.where(flips, -1.0, 1.0) * random.random(len(worlds))
    box, chance = corners(worlds, ahead)[0]
    assert set(box.limits) == {key}
    assert box.limits[key][1] == pytest.approx(worlds[key].quantile(0.3), rel=0.15)
    assert chance <= 0.05
    inside = box.holds(worlds)
    assert box.density == pytest.approx(flips[inside].mean())
    assert box.coverage == pytest.approx(flips[inside].sum() / flips.sum())


def test_corners_are_measured_on_all_worlds(worlds):
    """It flips where trust grows slowly, and elsewhere where officers see much."""
    first = (worlds["trust.gain"] < worlds["trust.gain"].quantile(0.25)).to_numpy()
    second = (worlds["detection.hazard"] > worlds["detection.hazard"].quantile(0.85)).to_numpy()
    flips = first | second
    found = [box for box, _ in corners(worlds, np.where(flips, -1.0, 1.0))]
    assert {"trust.gain", "detection.hazard"} & {key for box in found for key in box.limits}
    outside = np.ones(len(worlds), dtype=bool)
    for box in found:
        inside = box.holds(worlds) & outside
        assert box.coverage == pytest.approx((inside & flips).sum() / flips.sum())
        assert box.density == pytest.approx(flips[inside].mean())
        assert box.mass == pytest.approx(inside.mean())
        outside &= ~inside


def test_luck_is_rarely_called_a_corner(worlds):
    """Each search is promised to be wrong in at most one of twenty.

    Twelve of them that are wrong four times or more would be seen in 0.2 % of such tests.
    """
    random = np.random.default_rng(8)
    few = worlds.iloc[:60].reset_index(drop=True)
    wrong = sum(bool(corners(few, random.normal(0.5, 1.0, 60))) for _ in range(12))
    assert wrong < 4


def test_few_flips_are_no_pattern(worlds):
    ahead = np.ones(len(worlds))
    ahead[: FEWEST - 1] = -1
    assert corners(worlds, ahead) == []
    assert corners(worlds, -ahead) == []
