"""Designs: deterministic, within bounds, of the promised size and shape."""

import numpy as np
import pandas as pd
import pytest
from tocsin.experiments.design.points import Axis, grid, latin_hypercube, morris, sobol
from tocsin.simulation.errors import InputError

AXES = [
    Axis.of("cooperation.sharing"),
    Axis.of("intelligence.delay_weeks", 0, 52),
    Axis.of("capacity.allocation"),
]


def test_an_axis_takes_type_and_bounds_from_the_table():
    assert Axis.of("cooperation.sharing") == Axis("cooperation.sharing", 0, 1)
    delay = Axis.of("intelligence.delay_weeks")
    assert delay.whole
    assert (delay.low, delay.high) == (0, 104)
    assert Axis.of("capacity.allocation").values[0] == "equal"
    assert Axis.of("channels.training").values == (False, True)
    assert Axis.of("pairs.VES-ARV.trust").key == "pairs.ARV-VES.trust"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cooperation.shering",), "nearest: 'sharing'"),
        (("cooperation.sharing", 0, 2), "from 0 to 1"),
        (("cooperation.sharing", 0.5, 0.5), "no range"),
        (("intelligence.delay_weeks", 0.5, 4), "whole number"),
        (("cooperation.sharing", None, None, [0.5, 0.5]), "twice"),
        (("world.map",), "list the values"),
    ],
)
def test_a_wrong_axis_is_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        Axis.of(*arguments)


@pytest.mark.parametrize(
    ("design", "rows"),
    [
        (lambda seed: latin_hypercube(AXES, 40, seed), 40),
        (lambda seed: sobol(AXES, 8, seed), 8 * (2 * 3 + 2)),
        (lambda seed: morris(AXES, 6, seed), 6 * (3 + 1)),
    ],
)
def test_sampled_designs(design, rows):
    points = design(3)
    assert list(points) == [axis.key for axis in AXES]
    assert len(points) == rows
    pd.testing.assert_frame_equal(points, design(3))
    assert not points.equals(design(4))
    assert points["cooperation.sharing"].between(0, 1).all()
    assert points["intelligence.delay_weeks"].between(0, 52).all()
    assert points["intelligence.delay_weeks"].dtype == np.int64
    assert set(points["capacity.allocation"]) <= set(AXES[2].values)


def test_a_latin_hypercube_covers_each_axis_evenly():
    points = latin_hypercube([Axis("a", 0, 1), Axis("b", 0, 9, whole=True)], 50, 0)
    assert sorted((points["a"] * 50).astype(int)) == list(range(50))
    assert points["b"].value_counts().tolist() == [5] * 10


def test_a_trajectory_moves_one_axis_at_a_time():
    points = morris([Axis("a"), Axis("b"), Axis("c")], 5, 1).to_numpy().reshape(5, 4, 3)
    assert (np.count_nonzero(np.diff(points, axis=1), axis=2) == 1).all()


def test_a_grid_has_every_combination():
    points = grid([Axis("a", values=(1, 2, 3)), Axis("b", 0, 1), Axis("c", 0, 2, whole=True)], 5)
    assert len(points) == 3 * 5 * 3
    assert not points.duplicated().any()


def test_designs_refuse_what_makes_no_sense():
    for call in (
        lambda: sobol(AXES, 12, 0),
        lambda: latin_hypercube(AXES, 1, 0),
        lambda: grid([]),
        lambda: grid([Axis("a"), Axis("a")]),
    ):
        with pytest.raises(InputError):
            call()
