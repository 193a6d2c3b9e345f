"""The search for what would make a comparison flip, on outcomes whose pattern is known."""

import numpy as np
import pytest
from tocsin.experiments.unknowns.assumptions import assumptions, draw
from tocsin.experiments.unknowns.flips import FEWEST, corner
from tocsin.simulation.scenario.files import load


@pytest.fixture(scope="module")
def worlds():
    return draw(assumptions(load("baseline")), 120, seed=3)


def test_a_flip_that_hangs_on_one_of_all_assumptions_is_found(worlds):
    """Of some 180 assumptions one decides, in nine of ten worlds."""
    random = np.random.default_rng(5)
    key = "trust.gain"
    low = worlds[key] < worlds[key].quantile(0.3)
    flips = random.random(len(worlds)) < np.where(low, 0.9, 0.1)
    ahead = np.where(flips, -1.0, 1.0) * random.random(len(worlds))
    box, chance = corner(worlds, ahead) or pytest.fail("no corner")
    assert set(box.limits) == {key}
    assert box.limits[key][1] == pytest.approx(worlds[key].quantile(0.3), rel=0.15)
    assert chance <= 0.05
    inside = box.holds(worlds)
    assert box.density == pytest.approx(flips[inside].mean())
    assert box.coverage == pytest.approx(flips[inside].sum() / flips.sum())
    assert box.mass == pytest.approx(inside.mean())


def test_luck_is_rarely_called_a_corner(worlds):
    """Each search is promised to be wrong in at most one of twenty.

    Twelve of them that are wrong four times or more would be seen in 0.2 % of such tests.
    """
    random = np.random.default_rng(8)
    few = worlds.iloc[:60].reset_index(drop=True)
    wrong = sum(corner(few, random.normal(0.5, 1.0, 60)) is not None for _ in range(12))
    assert wrong < 4


def test_few_flips_are_no_pattern(worlds):
    ahead = np.ones(len(worlds))
    ahead[: FEWEST - 1] = -1
    assert corner(worlds, ahead) is None
    assert corner(worlds, -ahead) is None
