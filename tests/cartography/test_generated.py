"""Worlds drawn by chance: the same from the same seed, whole, and alive."""

import numpy as np
import pytest
from scipy.ndimage import label
from tocsin.cartography.generated import SHAPE, generate, write
from tocsin.simulation.errors import InputError
from tocsin.simulation.geography.grid import SEA
from tocsin.simulation.run import run


def test_a_seed_is_a_world():
    one, same, other = generate(3), generate(3), generate(4)
    assert one.grid.digest == same.grid.digest != other.grid.digest
    assert one.profiles == same.profiles != other.profiles


@pytest.mark.parametrize("seed", range(12))
def test_a_world_is_whole(seed):
    world = generate(seed)
    grid = world.grid
    assert grid.shape == SHAPE
    assert len(grid.codes) == 6
    for number in range(6):
        assert label(grid.country == number)[1] == 1
    assert 0.1 < (grid.country == SEA).mean() < 0.6
    assert set(world.first_town.values()) <= set(grid.towns)
    assert len(grid.neighbours()) >= 5  # nobody is cut off


@pytest.mark.parametrize("seed", range(4))
def test_a_world_runs(seed, tmp_path):
    finished = run(write(seed, tmp_path), weeks=104)
    assert finished.indicators["delivered"] > 0
    assert finished.indicators["seized"] > 0
    assert np.isfinite(finished.series["delivered"]).all()


@pytest.mark.parametrize(("seed", "countries"), [(-1, 6), (0, 1), (0, 21)])
def test_what_cannot_be_drawn_is_refused(seed, countries):
    with pytest.raises(InputError, match="allowed are"):
        generate(seed, countries)
