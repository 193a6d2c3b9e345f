"""Scenario discovery finds corners that were put there, and none where there are none."""

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.design.points import Axis, latin_hypercube
from tocsin.experiments.unknowns.discovery import peeling, prim
from tocsin.simulation.errors import InputError

POINTS = latin_hypercube([Axis(name) for name in "abcd"], 400, 5)
CORNER = ((POINTS.a > 0.6) & (POINTS.b < 0.5)).to_numpy()


def test_a_corner_is_found_with_its_limits():
    best = prim(POINTS, CORNER)[0]
    assert set(best.limits) == {"a", "b"}
    assert best.limits["a"] == (pytest.approx(0.6, abs=0.05), POINTS.a.max())
    assert best.limits["b"] == (POINTS.b.min(), pytest.approx(0.5, abs=0.05))
    assert best.density > 0.9
    assert best.coverage > 0.9
    assert max(best.p_values.values()) < 1e-6


def test_shares_of_replications_are_weights():
    random = np.random.default_rng(2)
    chance = np.where(CORNER, 0.8, 0.1)
    shares = random.binomial(5, chance) / 5
    best = prim(POINTS, shares)[0]
    assert {"a", "b"} <= set(best.limits)
    inside = best.holds(POINTS)
    assert best.density == pytest.approx(shares[inside].mean())
    assert best.coverage == pytest.approx(shares[inside].sum() / shares.sum())
    assert best.mass == pytest.approx(inside.mean())


def test_two_corners_are_two_boxes():
    two = CORNER | ((POINTS.a < 0.3) & (POINTS.c > 0.7)).to_numpy()
    first, second = prim(POINTS, two)[:2]
    assert {frozenset(first.limits), frozenset(second.limits)} == {
        frozenset("ab"), frozenset("ac")
    }  # fmt: skip
    assert first.coverage + second.coverage > 0.85


def test_discrete_axes_are_peeled_whole_values_at_a_time():
    points = POINTS.assign(n=(POINTS.d * 4).astype(int), flag=(POINTS.c > 0.5))
    best = prim(points, ((points.n >= 2) & points.flag).to_numpy())[0]
    assert best.limits["n"] == (2, 3)
    assert best.limits["flag"] == (1, 1)


def test_nothing_of_interest_gives_no_box():
    assert prim(POINTS, np.zeros(len(POINTS))) == []
    assert prim(POINTS, np.ones(len(POINTS))) == []
    assert peeling(POINTS, np.zeros(len(POINTS))) == []


def test_the_way_trades_coverage_for_density():
    way = peeling(POINTS, CORNER)
    assert way[0].limits == {}
    assert way[0].coverage == 1
    assert way[-1].mass >= 0.05
    assert way[-1].density > way[0].density


def test_wrong_input_is_refused():
    with pytest.raises(InputError, match="one each"):
        prim(POINTS, [True])
    with pytest.raises(InputError, match="share from 0 to 1"):
        prim(POINTS, np.full(len(POINTS), 2.0))
    with pytest.raises(InputError, match="not a number"):
        prim(pd.DataFrame({"word": ["x", "y"]}), [True, False])
